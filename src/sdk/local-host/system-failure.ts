import { Failure } from "../failure.ts";

/** What the operating system answered, as a Failure: "Cannot write /a/b: no space left on the disk". */
export function failureOf(error: unknown, deed: string, path: string): unknown {
  const code = errorCode(error);
  if (code === undefined || error instanceof Failure) return error;
  const known = answers[code];
  const failure = new Failure(`Cannot ${deed} ${path}: ${known?.[0] ?? withoutPath(error, code)}`, {
    cause: error,
    hint: known?.[1],
  });
  telling.add(failure);
  return failure;
}

/** Failures of `failureOf`: their message says in words what the cause is. */
const telling = new WeakSet<Failure>();

/** Whether the message of a fault says already what its cause does: who shows both would say it twice. */
export function tellsItsCause(fault: unknown): boolean {
  return fault instanceof Failure && telling.has(fault);
}

/** The code of a system error ("ENOENT"), where it is one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const answers: Readonly<Record<string, readonly [answer: string, hint?: string]>> = {
  ENOENT: ["no such file or folder"],
  EACCES: ["permission denied", "Look at the owner and the mode of the file and of the folders above it."],
  EPERM: ["operation not permitted", "The file may be owned by someone else, immutable, or in use."],
  EEXIST: ["it exists already"],
  ENOTDIR: ["a part of the path is a file, not a folder"],
  EISDIR: ["it is a folder, not a file"],
  ENOTEMPTY: ["the folder is not empty"],
  ENOSPC: ["the disk is full", "Make room on the disk that holds it, and try again."],
  EDQUOT: ["your disk quota is used up", "Make room, or ask for a larger quota."],
  EROFS: ["the file system is read-only"],
  EMFILE: [
    "too many open files",
    "Raise the limit of open files (ulimit -n), or run fewer builds at a time (-parallel-builds).",
  ],
  ENFILE: ["the system has too many open files"],
  ELOOP: ["too many symbolic links, or a circle of them"],
  ENAMETOOLONG: ["the name is too long"],
  EBUSY: ["it is in use by another program"],
  EXDEV: ["source and destination lie on different file systems"],
  EIO: ["the disk reports an input/output error", "The disk may be failing: look at the system's log."],
  EFBIG: ["the file is too large for this file system"],
};

// Node's own message repeats the path and the system call: "ENXIO: no such device or address, open '/a/b'".
function withoutPath(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z0-9]+: /, "").replace(/, \w+( '.*)?$/s, "") || code;
}
