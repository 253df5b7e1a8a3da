import { type FileHandle, open } from "node:fs/promises";
import { Failure } from "../../sdk/failure.ts";
import { failureOf } from "../../sdk/local-host/system-failure.ts";

/**
 * Appends records to a file whose next bytes are always allocated beforehand (zeros), so that the important ones can
 * still be written when the disk has become full. Zeros after the last record belong to the file's format until
 * `close` cuts them off. (File systems that copy on write cannot promise room in advance; there a full disk shows at
 * the write, and still before the deed.)
 */
export class RecordFile {
  readonly path: string;
  private readonly file: FileHandle;
  private readonly waiting: Waiting[] = [];
  private end: number;
  private allocated: number;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private broken: Failure | undefined;
  private closed: Promise<void> | undefined;
  /** Records that were given up because the disk was full. */
  dropped = 0;

  private constructor(path: string, file: FileHandle, end: number) {
    this.path = path;
    this.file = file;
    this.end = end;
    this.allocated = end;
  }

  /**
   * Goes on at `end`; what the file holds after it is cut off. Throws a Failure when there is no room to start a new
   * one. To go on with an old one none is needed: who removes what a dead run left makes room by it.
   */
  static async open(path: string, end: number): Promise<RecordFile> {
    const file = await open(path, end === 0 ? "wx" : "r+", 0o600).catch((error) => {
      throw unwritable(error, path);
    });
    const records = new RecordFile(path, file, end);
    try {
      await file.truncate(end);
      await records.allocate(RESERVE).catch((error) => {
        if (end === 0) throw error;
      });
      await file.sync();
      return records;
    } catch (error) {
      await file.close();
      throw unwritable(error, path);
    }
  }

  /** Written within a moment. `spare`: given up rather than taking the last of the room. */
  append(record: Buffer, spare: boolean): void {
    this.waiting.push({ record, spare });
    this.timer ??= setTimeout(() => this.work(), DELAY);
  }

  /** Durable when it resolves. All that wait at once share one fsync. Throws a Failure. */
  commit(record: Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiting.push({ record, spare: false, resolve, reject });
    this.work();
    return promise;
  }

  /** Writes what waits, cuts the zeros off. Idempotent. Throws a Failure. */
  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish(): Promise<void> {
    try {
      this.work();
      while (this.working !== undefined) await this.working;
      if (this.broken) throw this.broken;
      await this.file.truncate(this.end);
      await this.file.datasync();
    } catch (error) {
      throw unwritable(error, this.path);
    } finally {
      await this.file.close();
    }
  }

  private work(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.length > 0) this.working ??= this.writeAll();
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      try {
        await this.write(batch);
        for (const { resolve } of batch) resolve?.();
      } catch (error) {
        const failure = unwritable(error, this.path);
        for (const { reject } of batch) reject?.(failure);
        this.dropped += batch.filter(({ reject }) => !reject).length;
      }
    }
    // In the same turn as the look at what waits: what comes from now on starts the work anew.
    this.working = undefined;
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    if (this.broken) throw this.broken;
    let records = batch;
    const needed = lengthOf(records);
    if (this.end + needed > this.allocated - RESERVE / 2) {
      const hasRoom = await this.allocate(needed + RESERVE).then(
        () => true,
        () => false,
      );
      if (!hasRoom) {
        records = batch.filter(({ spare }) => !spare);
        this.dropped += batch.length - records.length;
      }
    }
    const bytes = Buffer.concat(records.map(({ record }) => record));
    // A part that was written before the disk was full is written over by what comes next.
    await writeFully(this.file, bytes, this.end);
    this.end += bytes.length;
    this.allocated = Math.max(this.allocated, this.end);
    if (!records.some(({ resolve }) => resolve)) return;
    try {
      await this.file.datasync();
    } catch (error) {
      // What a failed fsync left on the disk is not known: nothing that is written later could be trusted.
      this.broken = unwritable(error, this.path);
      throw error;
    }
  }

  private async allocate(length: number): Promise<void> {
    const target = this.end + length;
    if (target <= this.allocated) return;
    await writeFully(this.file, Buffer.alloc(target - this.allocated), this.allocated);
    this.allocated = target;
  }
}

interface Waiting {
  readonly record: Buffer;
  readonly spare: boolean;
  readonly resolve?: () => void;
  readonly reject?: (failure: Failure) => void;
}

/** Bytes: room for about a thousand records of ownership. */
const RESERVE = 256 * 1024;

/** Milliseconds that output may wait to be written together. */
const DELAY = 50;

function lengthOf(records: readonly Waiting[]): number {
  return records.reduce((sum, { record }) => sum + record.length, 0);
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

function unwritable(error: unknown, path: string): Failure {
  const failure = failureOf(error, "write the run's journal", path);
  if (!(failure instanceof Failure)) throw failure;
  return new Failure(failure.message, {
    cause: failure,
    hint: `${failure.hint ?? "Look at the folder."} Nothing is made that the journal does not know of. INGOT_STATE_DIR can name another folder.`,
  });
}
