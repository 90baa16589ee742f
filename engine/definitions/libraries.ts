/** The libraries that the CUE engine is lent: regular expressions in linear time, and YAML. */
import type { RegexpLibrary, YamlLibrary } from '../cue/std/builtin.ts';
import { regexpLibrary } from './regexp-library.ts';
import { yamlLibrary } from './yaml-library.ts';

export const libraries: { readonly regexp: RegexpLibrary; readonly yaml: YamlLibrary } = {
  regexp: regexpLibrary,
  yaml: yamlLibrary,
};
