/** How a phase is to be read at a glance. */
export type Tone = 'good' | 'busy' | 'bad' | 'idle';

const tones: Readonly<Record<string, Tone>> = {
  running: 'good',
  unhealthy: 'bad',
  workflowFailed: 'bad',
  workflowTerminated: 'bad',
  deleting: 'idle',
  workflowSuspending: 'idle',
};

/** The tone of one of KubeVela's phases; what is under way is busy. */
export function toneOf(phase: string): Tone {
  return tones[phase] ?? 'busy';
}
