import type { TraceNote } from '../core/trace.ts';
import type { TimedNote } from './record.ts';
import { cut, longestField, redactedField } from './redacted-fields.ts';
import type { Redactor } from './redaction.ts';

const mostNotes = 200;
const ownWeight = 100;

/** What was noted about one request, bounded. */
export class NoteLog {
  readonly #notes: TimedNote[] = [];

  get weight(): number {
    let weight = 0;
    for (const note of this.#notes) {
      weight += ownWeight + (note.type === 'oddity' || note.type === 'remark' ? note.text.length : 0);
    }
    return weight;
  }

  add(note: TraceNote, atMs: number): void {
    if (this.#notes.length < mostNotes) this.#notes.push({ ...bounded(note), atMs });
  }

  read(redactor: Redactor): TimedNote[] {
    const short = (text: string) => redactedField(text, redactor);
    return this.#notes.map((note) => redacted(note, short));
  }
}

function bounded(note: TraceNote): TraceNote {
  switch (note.type) {
    case 'model':
      return { ...note, asked: cut(note.asked), used: cut(note.used) };
    case 'attempt':
      return { ...note, model: cut(note.model), why: cut(note.why) };
    case 'oddity':
    case 'remark':
      return { ...note, text: note.text.slice(0, 4 * longestField) };
    case 'ignored':
      return { ...note, fields: note.fields.slice(0, mostNotes).map(cut) };
    case 'admitted':
      return note;
    default:
      return note satisfies never;
  }
}

function redacted(note: TimedNote, short: (text: string) => string): TimedNote {
  switch (note.type) {
    case 'oddity':
    case 'remark':
      return { ...note, text: short(note.text) };
    case 'ignored':
      return { ...note, fields: note.fields.map(short) };
    case 'model':
      return { ...note, asked: short(note.asked), used: short(note.used), rule: short(note.rule) };
    case 'attempt':
      return { ...note, model: short(note.model), why: short(note.why) };
    case 'admitted':
      return note;
    default:
      return note satisfies never;
  }
}
