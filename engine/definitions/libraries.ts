/** What the CUE engine is lent: regular expressions in linear time, YAML, hash functions, and every standard package. */
import type { Libraries } from '../cue/index.ts';
import { standardPackages } from '../cue/packages.ts';
import { hashLibrary } from './hash-library.ts';
import { regexpLibrary } from './regexp-library.ts';
import { yamlLibrary } from './yaml-library.ts';

export const libraries: Libraries = {
  regexp: regexpLibrary,
  yaml: yamlLibrary,
  hash: hashLibrary,
  packages: standardPackages,
};
