/** What a CD or floppy shall hold. */
export interface ImageFolder {
  readonly kind: "folder";
  readonly name: string;
  readonly modified: Date;
  readonly children: ImageNode[];
}

export interface ImageFile {
  readonly kind: "file";
  readonly name: string;
  readonly modified: Date;
  /** In bytes; `read` yields just as many. */
  readonly size: number;
  read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export type ImageNode = ImageFolder | ImageFile;
