// The demo shop: fills the page in the site's words and currency. No framework; everything is set as text, never as HTML.
import { words } from "/demo/words.js";

const { site } = document.documentElement.dataset;
const lang = new URLSearchParams(location.search).get("lang");
const own = site === "ar" ? "ar" : "es";
const tongue = lang === "en" ? "en" : own;
const locale = { es: "es-ES", ar: "es-AR", en: own === "ar" ? "en-US" : "en-GB" }[tongue];
const t = { ...words[tongue], ...words[tongue].at[own] };
const currency = own === "ar" ? "ARS" : "EUR";
const money = new Intl.NumberFormat(locale, {
  style: "currency", currency, currencyDisplay: "narrowSymbol",
  minimumFractionDigits: own === "ar" ? 0 : 2, maximumFractionDigits: own === "ar" ? 0 : 2,
});
const at = (id) => document.getElementById(id);

/** An element with a class, and children: strings are text. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function picture(id) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 96 72");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#p-${id}`);
  svg.append(use);
  return svg;
}

const nameOf = (product) => product[tongue].charAt(0).toUpperCase() + product[tongue].slice(1);
const priceOf = (product) => (own === "ar" ? product.ars : product.eur);

/** "3 payments of …" where the shop offers them. */
function parts(product) {
  const price = priceOf(product);
  const [count, least] = own === "ar" ? [6, 60000] : [3, 90];
  return price >= least ? t.parts(count, money.format(price / count)) : "";
}

const bag = new Map();

function showBag() {
  const lines = [...bag.values()];
  at("bag-count").textContent = String(lines.reduce((sum, line) => sum + line.count, 0));
  at("bag-total").textContent = money.format(lines.reduce((sum, line) => sum + line.count * priceOf(line.product), 0));
  at("bag-lines").replaceChildren(
    ...(lines.length ? lines.map(({ product, count }) => {
      const remove = make("button", "plain", "×");
      remove.type = "button";
      remove.setAttribute("aria-label", t.remove(nameOf(product)));
      remove.addEventListener("click", () => { bag.delete(product.id); showBag(); });
      const price = make("span", "", money.format(count * priceOf(product)));
      return make("li", "", make("span", "", count > 1 ? `${nameOf(product)} × ${count}` : nameOf(product)), price, remove);
    }) : [make("li", "", t.empty)]),
  );
}

function card(product, index) {
  const add = make("button", "", t.add);
  add.type = "button";
  add.setAttribute("aria-label", t.addNamed(nameOf(product)));
  add.addEventListener("click", () => {
    const line = bag.get(product.id) ?? { product, count: 0 };
    bag.set(product.id, { product, count: line.count + 1 });
    showBag();
    at("shown").textContent = t.added(nameOf(product));
  });
  const body = make("div", "body", make("h3", "", nameOf(product)), make("p", "options", t.options[product.group]),
    make("p", "price", money.format(priceOf(product))), make("p", "parts", parts(product)), add);
  const item = make("li", `card tone${index % 5}`, make("div", "picture", picture(product.id)), body);
  item.dataset.group = product.group;
  return item;
}

/** Shows one group, or all of them. */
function choose(group) {
  for (const button of document.querySelectorAll("[data-group][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.group === group));
  }
  let shown = 0;
  for (const item of at("grid").children) {
    item.hidden = group !== "" && item.dataset.group !== group;
    if (!item.hidden) shown += 1;
  }
  at("shown").textContent = t.shown(shown);
}

function link(text, href, current) {
  const anchor = make("a", "", text);
  anchor.href = href;
  if (current) anchor.setAttribute("aria-current", "true");
  return make("li", "", anchor);
}

document.documentElement.lang = locale;
document.title = t.title;
for (const element of document.querySelectorAll("[data-t]")) element.textContent = t[element.dataset.t];
for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t[element.dataset.tLabel]);
for (const anchor of document.querySelectorAll("a[data-keep]")) anchor.href = `/demo${location.search}`;
at("orders").append(...t.orders.map(([number, state, proof]) => make("li", "", make("b", "", number), ` ${state}`, make("small", "", proof))));
at("promises").append(...t.promises.map(([title, text]) => make("div", "", make("h3", "", title), make("p", "", text))));
at("legal").textContent = t.legal;
at("contact").append(link(t.phone, `tel:${t.phone.replaceAll(" ", "")}`), link("hola@mareas.example", "mailto:hola@mareas.example"), make("li", "", t.store));
at("switches").append(
  link("España · español", "/demo?site=es", own === "es" && tongue === "es"),
  link("Argentina · español", "/demo?site=ar", tongue === "ar"),
  link("Spain · English", "/demo?site=es&lang=en", own === "es" && tongue === "en"),
  link("Argentina · English", "/demo?site=ar&lang=en", own === "ar" && tongue === "en"),
);
for (const button of document.querySelectorAll("[data-group][aria-pressed]")) button.addEventListener("click", () => choose(button.dataset.group));
at("bag-button").addEventListener("click", () => { showBag(); at("bag").showModal(); });
at("open-chat").addEventListener("click", () => window.Ventanilla?.("open"));

const answer = await fetch("/demo/products.json");
if (answer.ok) {
  at("grid").append(...(await answer.json()).map(card));
  choose("");
} else {
  at("shown").textContent = t.broken;
}
