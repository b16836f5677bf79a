// Close codes, as in src/protocol/code.rs: 4000 to 4099 come back by yourself, 4100 to 4199 only after something was changed.

/** What a client does after a close. `renew`: drop the token, then come back. `drop`: give up the frame on its way, then come back. */
export type AfterClose = "return" | "renew" | "drop" | "stop";

const UNAUTHORIZED = 4101;
const TOO_LARGE = 4102;

/** What to do after close `code`. `token`: whether one was sent; `sending`: whether a frame was on its way. */
export function afterClose(code: number, token: boolean, sending: boolean): AfterClose {
  if (code < 4100 || code > 4199) return "return";
  if (code === UNAUTHORIZED && token) return "renew";
  return code === TOO_LARGE && sending ? "drop" : "stop";
}
