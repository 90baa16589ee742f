/** The Node adapter of the egress guard: names are resolved once, every address is judged, and the connection is pinned to it. */
import { type LookupAddress, lookup } from 'node:dns';
import { Agent, fetch as send } from 'undici';
import { allowsAddress, type EgressPolicy } from '../../engine/egress/policy.ts';
import { Fault } from '../../engine/fault.ts';
import type { Egress } from '../ports.ts';
import { guardedEgress } from './egress.ts';

/** Resolves a name to all its addresses. */
export type Resolve = (
  host: string,
  done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

const system: Resolve = (host, done) => lookup(host, { all: true }, done);

/** A dispatcher whose look-up refuses addresses that the policy refuses. */
function guardedDispatcher(policy: EgressPolicy, resolve: Resolve): Agent {
  return new Agent({
    connect: {
      timeout: 10_000,
      lookup: (host, options, callback) => {
        resolve(host, (error, addresses) => {
          if (error !== null) return callback(error, []);
          for (const { address } of addresses) {
            const verdict = allowsAddress(address, host, policy);
            if (verdict.ok) continue;
            return callback(
              new Fault('egress.refused', `This address may not be called: ${verdict.reason}.`),
              [],
            );
          }
          const [first] = addresses;
          if (options.all === true) return callback(null, [...addresses]);
          return callback(null, first?.address ?? '', first?.family);
        });
      },
    },
  });
}

/** The guard over undici with a pinned look-up: what was judged is what is connected to. */
export function nodeEgress(policy: EgressPolicy, resolve: Resolve = system): Egress {
  const dispatcher = guardedDispatcher(policy, resolve);
  return guardedEgress(policy, async (url, init) => {
    // The platform's types and undici's own name the same shapes by different classes.
    const options = { ...init, dispatcher } as unknown as Parameters<typeof send>[1];
    return (await send(url, options)) as unknown as Response;
  });
}
