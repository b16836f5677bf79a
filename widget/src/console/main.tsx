// The agent console. Begins the page.

import { render } from "preact";
import { begin, expired, person, state, words } from "./app";
import { Shell } from "./ui/Shell";
import { SetUp, SignIn } from "./ui/SignIn";
import "./styles/console.css";

const settingUp = location.pathname.replace(/\/$/, "").endsWith("/setup");
const token = settingUp ? location.hash.slice(1) : "";
/** A link for an account that is there already reads `/console/setup?account#TOKEN`. */
const invited = new URLSearchParams(location.search).has("account");

function Console() {
  if (person.value) return <Shell />;
  if (settingUp && !expired.value) return <SetUp token={token} invited={invited} />;
  if (person.value === null) return <SignIn />;
  return <p class="starting" role="status">{state.value.link === "lost" ? words.value.failures.network : words.value.connecting}</p>;
}

const root = document.getElementById("console");
if (root) render(<Console />, root);
if (!settingUp) void begin();
