/** What the parser finds in a model's text, in order. One call is open at a time. */
export type ActionEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call-start'; readonly name: string }
  /** A piece of the call's arguments, strict JSON of an object. */
  | { readonly type: 'call-delta'; readonly input: string }
  | { readonly type: 'call-end' }
  /** The output ended, or stopped being a call, after the call had begun to go out. */
  | { readonly type: 'call-cut'; readonly source: string }
  /** A block that is written as a call but calls nothing; `problem` is put for the model, `source` is its text. */
  | { readonly type: 'invalid'; readonly problem: string; readonly source: string };
