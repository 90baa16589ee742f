/** The libraries that the CUE engine is lent: regular expressions in linear time, YAML, and hash functions. */
import type { Libraries } from '../cue/index.ts';
import { hashLibrary } from './hash-library.ts';
import { regexpLibrary } from './regexp-library.ts';
import { yamlLibrary } from './yaml-library.ts';

export const libraries: Libraries = { regexp: regexpLibrary, yaml: yamlLibrary, hash: hashLibrary };
