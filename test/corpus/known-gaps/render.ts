/**
 * Render cases that Mainsheet is known to answer otherwise than KubeVela, each with its reason. A case that starts
 * to pass must leave this list.
 */
export const knownGaps: Readonly<Record<string, string>> = {};
