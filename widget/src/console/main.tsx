// The agent console. Begins the page.

import { render } from "preact";
import { begin, expired, person, words } from "./app";
import { Shell } from "./ui/Shell";
import { SetUp, SignIn } from "./ui/SignIn";
import "./styles/console.css";

const settingUp = location.pathname.replace(/\/$/, "").endsWith("/setup");
const token = settingUp ? decodeURIComponent(location.hash.slice(1)) : "";

function Console() {
  if (person.value) return <Shell />;
  if (settingUp && !expired.value) return <SetUp token={token} />;
  if (person.value === null) return <SignIn />;
  return <p class="starting" role="status">{words.value.connecting}</p>;
}

const root = document.getElementById("console");
if (root) render(<Console />, root);
if (!settingUp) void begin();
