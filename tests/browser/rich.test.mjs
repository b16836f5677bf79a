// Answers to look at: pictures, cards, files, places, videos; for eyes, for a screen reader, without a connection, without the file, and as plain text.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { everywhere, House, until } from "./support.mjs";

const house = await House.open({ after }, "", undefined, "intents");

const picture = (visitor) => visitor.at(".rich img");

/** What a program reads on the REST channel. */
async function reads(sender, message) {
  const answer = await fetch(`${house.base}/webhooks/rest/webhook?site=es`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sender, message }),
  });
  assert.equal(answer.status, 200);
  return (await answer.json()).map(({ text }) => text).join("\n");
}

test("a picture keeps its place, tells what it shows, and stays without a connection and after a reload", async () => {
  const ana = await house.visitor({ viewport: { width: 320, height: 568 } });
  await ana.visits();
  await ana.opens();
  await ana.asks("guía de tallas", /35 al 46|talón/);
  await picture(ana).waitFor();
  assert.match(await picture(ana).getAttribute("alt"), /^Tabla de calzado.*39, 25;/);
  const shown = () => picture(ana).evaluate((img) => img.complete && img.naturalWidth > 0);
  await until(shown, "the picture has come");
  const box = () => picture(ana).evaluate((img) => [img.clientWidth, img.clientHeight]);
  const [wide, high] = await box();
  assert.ok(Math.abs(wide / high - 4 / 3) < 0.02, `${wide} × ${high}`);
  await ana.page.context().setOffline(true);
  await ana.at(".banner.alert").waitFor();
  assert.equal(await shown(), true);
  await ana.page.context().setOffline(false);
  await ana.at(".banner.alert").waitFor({ state: "detached" });
  await everywhere(ana.page, "rich-picture");
  await ana.page.reload();
  await picture(ana).waitFor();
  assert.deepEqual(ana.page.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text)), []);
  await ana.page.context().close();
});

test("without the file its words stand in a place of the same shape", async () => {
  const eva = await house.visitor();
  await eva.page.context().route(/\/v1\/media\//, (route) => route.abort());
  await eva.visits();
  await eva.opens();
  await eva.asks("guía de tallas", /35 al 46|talón/);
  await picture(eva).waitFor();
  await until(() => picture(eva).evaluate((img) => img.complete && img.naturalWidth === 0), "the picture has failed");
  const [wide, high] = await picture(eva).evaluate((img) => [img.clientWidth, img.clientHeight]);
  assert.ok(Math.abs(wide / high - 4 / 3) < 0.02, `${wide} × ${high}`);
  await eva.page.context().close();
});

test("places and cards are links that a keyboard reaches, and the agent sees the same", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("¿dónde están las tiendas?", /Mareas Centro/);
  const maps = ana.at(".rich a", { hasText: "Ver en el mapa" });
  await maps.nth(1).waitFor();
  assert.match(await maps.first().getAttribute("href"), /^https:\/\/www\.openstreetmap\.org\/\?mlat=40\.427&/);
  assert.equal(await maps.first().getAttribute("target"), "_blank");
  await ana.asks("¿de qué están hechas las zapatillas Brisa?", /ficha/);
  const card = ana.at(".rich", { hasText: "Zapatillas Brisa" });
  await card.locator("img").waitFor();
  const link = card.locator("a");
  assert.equal(await link.getAttribute("href"), "https://es.mareas.example");
  await ana.field.focus();
  const reached = async () => {
    await ana.page.keyboard.press("Shift+Tab");
    return link.evaluate((a) => a.getRootNode().activeElement === a);
  };
  let steps = 0;
  const way = [];
  while (!(await reached())) {
    way.push(await link.evaluate((a) => a.getRootNode().activeElement?.outerHTML.slice(0, 60) ?? document.activeElement.tagName));
    assert.ok((steps += 1) < 30, `the link is reached from the composer: ${way.join(" ")}`);
  }
  await everywhere(ana.page, "rich-card");

  const marta = await house.agent("Marta");
  await ana.at(".choice:not([disabled])", { hasText: "Hablar con una persona" }).last().click();
  await marta.takes();
  await marta.page.locator(".exhibit img[alt^='Zapatilla baja']").waitFor();
  assert.equal(await marta.page.locator(".exhibit address").count(), 2);
  await everywhere(marta.page, "rich-console", [[1280, 800]]);
  assert.deepEqual(marta.page.complaints, []);
  assert.deepEqual(ana.page.complaints, []);
  await marta.page.context().close();
  await ana.page.context().close();
});

test("plain channels get a readable line, and its address is a file that runs nothing", async () => {
  const said = await reads("plain-1", "guía de tallas");
  const [, address] = /Tabla de calzado[^\n]*: (http:\/\/127\.0\.0\.1:\d+\/v1\/media\/[0-9a-f]{16}\/sizes\.svg)/.exec(said) ?? assert.fail(said);
  const file = await fetch(address);
  assert.equal(file.status, 200);
  assert.equal(file.headers.get("content-type"), "image/svg+xml");
  assert.match(file.headers.get("cache-control"), /immutable/);
  assert.match(file.headers.get("content-security-policy"), /default-src 'none'.*sandbox/);
  assert.equal(file.headers.get("x-content-type-options"), "nosniff");
  assert.equal((await fetch(address.replace(/media\/../, "media/zz"))).status, 404);
  assert.match(await reads("plain-2", "¿dónde están las tiendas?"), /Mareas Centro \(Madrid\), calle de la Palma 28, 28004 Madrid: https:\/\/www\.openstreetmap\.org/);
});

test("a video has its poster and captions, and loads nothing before it is started", async () => {
  const media = (name, data) => writeFileSync(join(house.intents, "media", name), data);
  media("foot.mp4", Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypmp42"), Buffer.alloc(100)]));
  media("foot.es.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nDel talón al dedo.\n");
  const topic = join(house.intents, "consideration", "size_guide.yaml");
  const video = "      video: {title: {es: \"Cómo medir el pie\", en: \"Measuring\"}, src: media/foot.mp4, poster: media/sizes.svg, captions: {es: media/foot.es.vtt}}\n";
  const text = readFileSync(topic, "utf8");
  const from = text.indexOf("      picture:");
  writeFileSync(topic, text.slice(0, from) + video + text.slice(text.indexOf("    choices:", from)));
  let sender = 0;
  const said = await until(async () => {
    const said = await reads(`video-${(sender += 1)}`, "guía de tallas");
    return /Cómo medir el pie: /.test(said) && said;
  }, "the changed topic is live");
  const [address] = /http:\S+foot\.mp4/.exec(said);
  const part = await fetch(address, { headers: { range: "bytes=4-11" } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), "bytes 4-11/112");
  assert.equal(await part.text(), "ftypmp42");

  const ana = await house.visitor();
  const asked = [];
  ana.page.on("request", (request) => asked.push(request.url()));
  await ana.visits();
  await ana.opens();
  await ana.asks("guía de tallas", /35 al 46|talón/);
  const player = ana.at(".rich video");
  await player.waitFor();
  const is = await player.evaluate((video) => ({
    name: video.getAttribute("aria-label"), controls: video.controls, autoplay: video.autoplay, paused: video.paused, preload: video.preload,
    poster: /sizes\.svg$/.test(video.poster), captions: [...video.querySelectorAll("track")].map(({ kind, srclang }) => [kind, srclang]),
  }));
  assert.deepEqual(is, { name: "Video: Cómo medir el pie", controls: true, autoplay: false, paused: true, preload: "none", poster: true, captions: [["captions", "es"]] });
  await until(() => asked.some((url) => url.endsWith("sizes.svg")), "the poster is asked for");
  assert.equal(asked.some((url) => url.endsWith(".mp4")), false);
  await everywhere(ana.page, "rich-video", [[320, 568]]);
  assert.deepEqual(ana.page.complaints, []);
  await ana.page.context().close();
});
