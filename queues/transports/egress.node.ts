/** The Node adapter of the egress guard: names are resolved once, every address is judged, and the connection is pinned to it. */
import { lookup } from 'node:dns';
import { Agent, fetch as send } from 'undici';
import { allowsAddress, type EgressPolicy } from '../../engine/egress/policy.ts';
import { Fault } from '../../engine/fault.ts';
import type { Egress } from '../ports.ts';
import { guardedEgress } from './egress.ts';

/** A dispatcher whose look-up refuses addresses that the policy refuses; `close()` ends its connections. */
export function guardedDispatcher(policy: EgressPolicy): Agent {
  return new Agent({
    connect: {
      timeout: 10_000,
      lookup: (host, options, callback) => {
        lookup(host, { ...options, all: true }, (error, addresses) => {
          if (error !== null) return callback(error, []);
          for (const { address } of addresses) {
            const verdict = allowsAddress(address, host, policy);
            if (!verdict.ok) {
              const fault = new Fault('egress.refused', `This address may not be called: ${verdict.reason}.`);
              return callback(Object.assign(fault, { errno: -1 }), []);
            }
          }
          return callback(null, addresses);
        });
      },
    },
  });
}

/** The guard over undici with a pinned look-up. */
export function nodeEgress(policy: EgressPolicy): Egress {
  const dispatcher = guardedDispatcher(policy);
  return guardedEgress(policy, async (url, init) => {
    // The platform's types and undici's own name the same shapes by different classes.
    const options = { ...init, dispatcher } as unknown as Parameters<typeof send>[1];
    return (await send(url, options)) as unknown as Response;
  });
}
