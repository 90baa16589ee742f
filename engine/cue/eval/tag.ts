/** The tags that tell values and expressions apart. Values come first; `tag <= LAST_SCALAR` is concrete by itself. */

export const TAG_NULL = 1;
export const TAG_BOOL = 2;
export const TAG_NUM = 3;
export const TAG_STRING = 4;
export const TAG_BYTES = 5;
export const LAST_SCALAR = 5;
export const TAG_TYPE = 6;
export const TAG_TOP = 7;
export const TAG_BOUND = 8;
export const TAG_VALIDATOR = 9;
export const TAG_BUILTIN = 10;
export const TAG_CONJUNCTION = 11;
export const TAG_DISJUNCTION = 12;
export const TAG_BOTTOM = 13;
export const TAG_STRUCT_MARKER = 14;
export const TAG_LIST_MARKER = 15;
export const TAG_VERTEX = 16;
export const LAST_VALUE = 16;

export const TAG_FIELD_REF = 20;
export const TAG_VALUE_REF = 21;
export const TAG_FOR_REF = 22;
export const TAG_DYNAMIC_REF = 23;
export const TAG_IMPORT_REF = 24;
export const TAG_LET_REF = 25;
export const TAG_SELECTOR = 26;
export const TAG_INDEX = 27;
export const LAST_RESOLVER = 27;

export const TAG_LABEL_REF = 30;
export const TAG_SLICE = 31;
export const TAG_INTERPOLATION = 32;
export const TAG_UNARY = 33;
export const TAG_BINARY = 34;
export const TAG_BOUND_EXPR = 35;
export const TAG_CALL = 36;
export const TAG_KEY_REF = 37;

export const TAG_AND = 40;
export const TAG_DISJUNCTION_EXPR = 41;
export const TAG_STRUCT = 42;
export const TAG_LIST = 43;
export const TAG_COMPREHENSION = 44;

export const TAG_FIELD = 50;
export const TAG_LET_FIELD = 51;
export const TAG_DYNAMIC_FIELD = 52;
export const TAG_PATTERN_FIELD = 53;
export const TAG_ELLIPSIS = 54;

export const TAG_FOR = 60;
export const TAG_IF = 61;
export const TAG_LET_CLAUSE = 62;
