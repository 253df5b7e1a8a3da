import { boolean, duration, integer, string, stringMap } from "../../../spec/fields.ts";

export const fields = {
  url: string("The URL, http or https.", { required: true }),
  method: string("The method.", {
    oneOf: ["HEAD", "GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"],
    default: "GET",
  }),
  request_headers: stringMap("Headers to send."),
  request_body: string("What to send."),
  timeout: duration("How long one attempt may take, until its answer is complete.", { default: 60_000 }),
  retries: integer(
    "How often it is tried again when no server answers, or one answers 429 or 5xx; `POST` and `PATCH` are never sent twice.",
    { default: 3 },
  ),
  max_body_size: integer("Bytes of the longest answer that is taken.", { default: 64 * 1024 * 1024 }),
  ca_file: string("Certificate authority (PEM) to trust besides those of this machine.", { path: "cwd" }),
  client_certificate_file: string("Certificate (PEM) to show to the server.", { path: "cwd" }),
  client_key_file: string("Its private key (PEM).", { path: "cwd" }),
  insecure: boolean("Does not check the server's certificate.", { default: false }),
};
