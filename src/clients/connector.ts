import type { Localizer } from '../core/localizer.ts';
import type { Computer } from './computer.ts';
import type { Change } from './config-data.ts';
import type { Endpoint } from './endpoint.ts';
import type { FormatName } from './formats/config-format.ts';
import type { Note } from './notes.ts';

/** A file of the client's own in which some values are set. */
export interface EditedFile {
  readonly path: string;
  readonly format: FormatName;
  /** The client takes JSON as the standard has it and nothing else: with comments or trailing commas it loads nothing of the file. */
  readonly isPlainJson?: true;
  /** What has to be set, given what the file holds. */
  changes(data: unknown, endpoint: Endpoint): readonly Change[];
  /** The address that the client uses as things stand in the file; undefined when the file names none. */
  addressOf(data: unknown): string | undefined;
}

/** A file that is written as a whole, beside the client's own. */
export interface GeneratedFile {
  readonly path: string;
  text(endpoint: Endpoint): string;
}

/** How to tell that a client is installed. */
export interface Traces {
  /** Names of its program. */
  readonly programs?: readonly string[];
  /** Its extension in VS Code and its forks, `publisher.name` in lower case. */
  readonly extension?: string;
}

/** A client that is connected by what stands in its files. */
export interface FileConnector {
  readonly kind: 'files';
  /** As the command line names it. */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  readonly traces: Traces;
  /** The first is the one that tells where the client is connected to. */
  files(computer: Computer): Promise<readonly [EditedFile, ...(EditedFile | GeneratedFile)[]]>;
  /** What the user has to know or do besides. */
  notes(computer: Computer, endpoint: Endpoint): Promise<readonly Note[]>;
}

/** Something that is connected in its user's own code or settings: all that can be done is to tell how. */
export interface InstructionsConnector {
  readonly kind: 'instructions';
  readonly id: string;
  readonly name: string;
  /** Lines to paste. */
  instructions(endpoint: Endpoint, l10n: Localizer): string;
}

export type Connector = FileConnector | InstructionsConnector;
