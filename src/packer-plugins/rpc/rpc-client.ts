import type { Duplex } from "node:stream";
import { Failure } from "../../sdk/failure.ts";
import { decodeWires, encodeWire, type Wire } from "./message-pack.ts";
import { countOfWire, isMap, textOfWire } from "./read-wire.ts";

/** The other side did what was asked, and says that it failed: `message` is its own text. */
export class RemoteFailure extends Failure {
  readonly method: string;

  constructor(method: string, message: string) {
    super(message);
    this.name = "RemoteFailure";
    this.method = method;
  }
}

interface Call {
  readonly method: string;
  readonly answer: PromiseWithResolvers<Wire>;
}

/** Calls methods of the other side, any number at a time. */
export class RpcClient {
  readonly #stream: Duplex;
  readonly #calls = new Map<number, Call>();
  #next = 0;
  #over: Error | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    void this.#readAnswers();
  }

  /**
   * Calls `Service.Method`. Throws a RemoteFailure for what the other side answers as an error, another Failure when the
   * stream is lost, and the signal's reason when it aborts: the answer is ignored then, the call is not undone.
   */
  async call(method: string, argument: Wire, signal: AbortSignal): Promise<Wire> {
    signal.throwIfAborted();
    if (this.#over) throw this.#over;
    const sequence = this.#next++;
    const answer = Promise.withResolvers<Wire>();
    this.#calls.set(sequence, { method, answer });
    const onAbort = (): void => answer.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const header = encodeWire({ ServiceMethod: method, Seq: sequence });
      this.#stream.write(Buffer.concat([header, encodeWire(argument)]));
      return await answer.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Ends our half: the other side sees that no more calls come. Calls that wait fail. */
  close(): void {
    this.#stream.end();
    this.#end(new Error("the stream was closed"));
  }

  async #readAnswers(): Promise<void> {
    try {
      const values = decodeWires(this.#stream);
      for (;;) {
        const header = await values.next();
        if (header.done) break;
        const body = await values.next();
        if (body.done) throw new Error("an answer ended after its header");
        this.#takeAnswer(header.value, body.value);
      }
      this.#end(new Error("the stream was closed by the other side"));
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
    }
    if (!this.#stream.writableEnded) this.#stream.end();
  }

  #takeAnswer(header: Wire, body: Wire): void {
    if (!isMap(header) || typeof header.Seq !== "number") throw new Error("an answer without a header came");
    const sequence = countOfWire(header.Seq);
    const call = this.#calls.get(sequence);
    if (!call) throw new Error(`an answer came to call ${sequence}, which was not made`);
    this.#calls.delete(sequence);
    const fault = textOfWire(header.Error);
    if (fault !== "") call.answer.reject(new RemoteFailure(call.method, fault));
    else call.answer.resolve(body);
  }

  #end(error: Error): void {
    this.#over ??= new Failure(`The connection to the plugin was lost: ${error.message}`, { cause: error });
    for (const { answer } of this.#calls.values()) answer.reject(this.#over);
    this.#calls.clear();
  }
}
