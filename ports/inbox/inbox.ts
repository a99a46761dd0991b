/** Where files of one person for one provider are dropped; `user` is an id or a name. */
export interface InboxFolder {
  readonly provider: string;
  readonly user: string;
}

/** A place for one file that is handed in over HTTP: a folder of its own below the person's. */
export interface UploadPlace extends InboxFolder {
  readonly uploadId: string;
  readonly name: string;
}

export interface InboxFile extends InboxFolder {
  readonly name: string;
  /** Of a file that was handed in over HTTP. */
  readonly uploadId?: string;
  readonly bytes: number;
  /** Changes when the file does. */
  readonly stamp: string;
}

/** What has to be sent to an address so that it takes a file. */
export interface UploadLink {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A place files are dropped into, `<provider>/<user>/<file>`: a folder on one machine, a prefix of the bucket in the cloud. */
export interface Inbox {
  /** Files nobody is still writing. */
  look(): Promise<readonly InboxFile[]>;
  /** The bytes; undefined for a file that is gone. */
  read(file: InboxFile): Promise<Uint8Array | undefined>;
  /** Takes a file away that was imported, unless it has changed since the look. */
  remove(file: InboxFile): Promise<void>;
  /** Puts a file aside with the reason beside it, unless it has changed since the look. */
  refuse(file: InboxFile, reason: string): Promise<void>;
  /** Says in a folder why its files wait; undefined takes the note away. Saying the same again does nothing. */
  note(folder: InboxFolder, reason: string | undefined): Promise<void>;
  /** Keeps a file that is handed in, whole or not at all; `taken` when one came before, `too_large` above `mostBytes`. */
  keep(
    place: UploadPlace,
    blocks: AsyncIterable<Uint8Array>,
    mostBytes: number,
  ): Promise<'kept' | 'taken' | 'too_large'>;
  /** An address outside of this program that takes exactly `bytes` bytes, once, within `forS` seconds; absent where there is none. */
  link?(place: UploadPlace, options: { readonly bytes: number; readonly forS: number }): Promise<UploadLink>;
}
