/**
 * The world said no: a tool, a service, a file, a network. `message` says what was tried and what answered; `hint` what
 * the user may do. Shown without a stack. Anything else that is thrown is a bug of Ingot.
 */
export class Failure extends Error {
  readonly hint: string | undefined;
  /** Trying again cannot help: who retries gives up at once. */
  readonly permanent: boolean;

  constructor(
    message: string,
    options: { cause?: unknown; hint?: string | undefined; permanent?: boolean | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Failure";
    this.hint = options.hint;
    this.permanent = options.permanent ?? false;
  }
}

/** The build was cancelled: by the user, or because the run ends. Not a failure of the build. */
export class Cancelled extends Error {
  constructor(reason = "cancelled") {
    super(reason);
    this.name = "Cancelled";
  }
}

/** A limit of time was reached. `what` names what was waited for, `milliseconds` how long. */
export class TimedOut extends Failure {
  constructor(what: string, milliseconds: number, options: { cause?: unknown; hint?: string } = {}) {
    super(`${what} took longer than ${milliseconds / 1000} s`, options);
    this.name = "TimedOut";
  }
}
