import type { Definition } from '../../db/model/application.ts';
import { formatOf, readDefinition, storedKind } from '../../db/submission/registry.ts';
import { Fault, type FaultDetail } from '../../engine/fault.ts';
import { textHash } from '../../engine/oam/revision.ts';
import type { Deps } from '../deps.ts';
import { detailOf } from '../issues.ts';
import type { Principal } from '../middleware/request-context.ts';

export interface PutDefinitionInput {
  readonly kind: Definition['kind'];
  readonly name: string;
  readonly namespace: string;
  readonly text: string;
  /** Content hash that must be the newest one's; `none`: there must be none. */
  readonly expect: string | undefined;
}

const wrong = (sentence: string, errors: readonly FaultDetail[]) =>
  new Fault('definition.invalid', sentence, { errors });

/** Stores a definition after its template has been read and compiled. Fault `definition.invalid` with every issue. */
export async function putDefinition(deps: Deps, { tenant, actor }: Principal, input: PutDefinitionInput) {
  const { kind, name, text } = input;
  if (text.trim() === '') {
    const expected = "a definition: KubeVela's YAML, or a .cue file";
    const sentence = 'The body is empty.';
    throw wrong(sentence, [{ pointer: '', detail: sentence, expected, actual: 'nothing' }]);
  }
  const format = formatOf(text);
  const read = readDefinition(text, format, {
    source: `${kind}/${name}.${format}`,
    namespace: input.namespace,
  });
  if (!read.ok) {
    const [first] = read.issues;
    throw wrong(first?.message ?? 'The definition cannot be read.', read.issues.map(detailOf));
  }
  const { value: definition } = read;
  if (storedKind[definition.kind] !== kind || definition.name !== name) {
    const expected = `${kind} "${name}"`;
    const actual = `${storedKind[definition.kind]} "${definition.name}"`;
    const sentence = `The text defines ${actual}, not ${expected}.`;
    throw wrong(sentence, [{ pointer: '/metadata/name', detail: sentence, expected, actual }]);
  }
  const compiled = deps.submissions.compileDefinition(definition);
  if (!compiled.ok) {
    throw wrong(
      compiled.issues[0]?.message ?? 'The template does not compile.',
      compiled.issues.map(detailOf),
    );
  }
  const put = await deps.stores.of(tenant).definitions.put(actor, {
    kind,
    name,
    namespace: definition.namespace,
    version: definition.version,
    format,
    source: text,
    contentHash: textHash(text),
    expect: input.expect,
  });
  return { ...put, warnings: [...(read.warnings ?? []), ...(compiled.warnings ?? [])].map(detailOf) };
}
