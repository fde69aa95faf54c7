// The part of zod that this program uses, as one file that all others share: whole it would be three times as large, and each
// bundle's own would be loaded, and kept in memory, as often as there are bundles. test/packaging/zod.test.ts holds this to what src
// uses.
export {
  array,
  boolean,
  coerce,
  discriminatedUnion,
  enum,
  instanceof,
  int,
  iso,
  lazy,
  literal,
  looseObject,
  null,
  number,
  object,
  record,
  strictObject,
  string,
  tuple,
  union,
  unknown,
  url,
} from 'zod';
