import { constants, createPrivateKey, type KeyObject, privateDecrypt } from "node:crypto";
import { hashSync } from "bcryptjs";
import { FunctionFault, type HclFunction } from "../../hcl/evaluation/scope.ts";
import { define, textAt, wholeAt } from "../../hcl/functions/define.ts";
import { fromBase64, utf8Text } from "../../hcl/functions/encoding/base64.ts";
import { NUMBER, STRING } from "../../hcl/values/type.ts";
import { stringValue } from "../../hcl/values/value.ts";

const bcrypt = define({
  name: "bcrypt",
  doc: "The bcrypt hash of a text, different every time; the cost is 4 to 31, by itself 10.",
  parameters: [{ name: "str", type: STRING }],
  variadic: { name: "cost", type: NUMBER },
  returns: STRING,
  call(args) {
    if (args.length > 2) throw new FunctionFault("there can only be one cost", 2);
    const cost = args.length > 1 ? wholeAt(args, 1) : 10;
    if (cost > 31) throw new FunctionFault("the cost must be from 4 to 31", 1);
    if (Buffer.byteLength(textAt(args, 0)) > 72) throw new FunctionFault("bcrypt takes no more than 72 bytes", 0);
    // Go takes a cost that is too low for the usual one, and names the same algorithm "2a".
    return stringValue(hashSync(textAt(args, 0), cost < 4 ? 10 : cost).replace(/^\$2[by]\$/, "$2a$"));
  },
});

const rsadecrypt = define({
  name: "rsadecrypt",
  doc: "The text that was encrypted with RSA (PKCS #1 v1.5), from base64, with a private key in PEM without a password.",
  parameters: [
    { name: "ciphertext", type: STRING },
    { name: "privatekey", type: STRING },
  ],
  returns: STRING,
  call(args) {
    const cipher = fromBase64(textAt(args, 0));
    if (!cipher) throw new FunctionFault("the encrypted text must be base64", 0);
    const text = utf8Text(decrypt(cipher, privateKey(textAt(args, 1))));
    if (text === undefined) throw new FunctionFault("what was encrypted is no text in UTF-8", 0);
    return stringValue(text);
  },
});

/** Functions with keys and passwords. */
export const cipherFunctions: readonly HclFunction[] = [bcrypt, rsadecrypt];

function privateKey(pem: string): KeyObject {
  if (/Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED PRIVATE KEY/.test(pem)) {
    throw new FunctionFault("a key with a password cannot be used", 1);
  }
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "rsa") return key;
  } catch {
    // The reason of the system might hold parts of the key.
  }
  throw new FunctionFault("this is no private RSA key in PEM", 1);
}

/** Takes the padding off itself: OpenSSL gives random bytes, and no error, where it is wrong. */
function decrypt(cipher: Uint8Array, key: KeyObject): Uint8Array {
  const fail = () => new FunctionFault("it was not encrypted for this key", 0);
  let padded: Buffer;
  try {
    padded = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, cipher);
  } catch {
    throw fail();
  }
  const end = padded.indexOf(0, 2);
  if (padded[0] !== 0 || padded[1] !== 2 || end < 10) throw fail();
  return padded.subarray(end + 1);
}
