// Close codes, as in src/protocol/code.rs: 4000 to 4099 come back by yourself, 4100 to 4199 only after something was changed.

/** The token is not valid: drop it, then come back. */
export const UNAUTHORIZED = 4101;
/** What was on its way is too large: give it up, then come back. */
export const TOO_LARGE = 4102;

/** Whether coming back changes nothing. */
export const isFinal = (code: number): boolean => code > 4099 && code < 4200;
