// The demo shop's words. `ar` is Spanish as written in Argentina; what depends on the country alone stands under `at`.

const es = {
  title: "Mareas: calzado, ropa y casa",
  skip: "Ir a los productos", sections: "Secciones", all: "Todo", shoes: "Calzado", clothes: "Ropa", home: "Hogar",
  hero_title: "Para andar cerca del mar, aunque quede lejos",
  hero_text: "Calzado, ropa y cosas de casa que duran. Dos tiendas: una en Madrid y otra en Córdoba (Argentina).",
  hero_action: "Ver la temporada",
  try_title: "Esta tienda es una demostración. Pedidos para probar el chat:", open_chat: "Abrir el chat",
  products: "La temporada", bag: "Cesta", close: "Cerrar", total: "Total", empty: "Todavía no hay nada.",
  no_sale: "Es una tienda de demostración: no se cobra ni se envía nada.",
  add: "Añadir", addNamed: (name) => `Añadir ${name} a la cesta`, added: (name) => `${name}: en la cesta.`, remove: (name) => `Quitar ${name}`,
  shown: (count) => `${count} productos`,
  parts: (count, amount) => `o ${count} plazos de ${amount}`,
  options: { shoes: "Del 35 al 46", clothes: "De la XS a la XXL", home: "3 años de garantía" },
  broken: "No se pudieron cargar los productos. Suele bastar con recargar la página.",
  at: {
    es: {
      strip: "Envío gratis desde 50 € · 14 días para devolver",
      orders: [
        ["1000007", "viene con demora", "ana.garcia@example.com · 28013"],
        ["1000003", "en preparación", "marta.ruiz@example.com · 08002"],
        ["1000012", "entregado hace 3 días", "luis.perez@example.com · 41001"],
      ],
      promises: [
        ["Entrega en 2 a 4 días", "Envío a toda España por 3,95 €, o gratis desde 50 €."],
        ["14 días para pensarlo", "Devolver en tienda es gratis. Con recogida a domicilio, 2,95 €."],
        ["Bizum, tarjeta o PayPal", "Y tres plazos sin intereses desde 90 €."],
      ],
      legal: "Mareas Comercio, S. L. Una empresa inventada para mostrar Ventanilla.",
      phone: "+34 900 000 000", store: "Mareas Centro: calle de la Palma 28, Madrid",
    },
  },
};

export const words = {
  es,
  ar: {
    ...es,
    hero_text: "Calzado, ropa y cosas de casa que duran. Dos locales: uno en Córdoba y otro en Madrid.",
    bag: "Carrito", add: "Agregar", addNamed: (name) => `Agregar ${name} al carrito`, added: (name) => `${name}: en el carrito.`, remove: (name) => `Sacar ${name}`,
    parts: (count, amount) => `o ${count} cuotas sin interés de ${amount}`,
    options: { shoes: "Del 35 al 46", clothes: "Del XS al XXL", home: "1 año de garantía" },
    at: {
      ar: {
        strip: "Envío gratis desde $ 90.000 · Botón de arrepentimiento: 10 días",
        orders: [
          ["2000004", "viene con demora", "sofia.gomez@example.com · X5000"],
          ["2000002", "en preparación", "sofia.gomez@example.com · X5000"],
          ["2000009", "entregado hace 2 días", "tomas.diaz@example.com · C1043"],
        ],
        promises: [
          ["Llega a todo el país", "De 3 a 7 días hábiles por $ 6.900, o gratis desde $ 90.000."],
          ["Botón de arrepentimiento", "10 días corridos desde que llega, sin dar explicaciones."],
          ["Cuotas sin interés", "3 y 6 cuotas con tarjeta desde $ 60.000, o Mercado Pago."],
        ],
        legal: "Mareas Argentina S. R. L. Una empresa inventada para mostrar Ventanilla.",
        phone: "+54 800 000 0000", store: "Mareas Nueva Córdoba: Obispo Trejo 850, Córdoba",
      },
    },
  },
  en: {
    title: "Mareas: shoes, clothes and home",
    skip: "Skip to the products", sections: "Departments", all: "All", shoes: "Shoes", clothes: "Clothes", home: "Home",
    hero_title: "For walks by the sea, however far it is",
    hero_text: "Shoes, clothes and things for the house that last. Two shops: one in Madrid, one in Córdoba (Argentina).",
    hero_action: "See the season",
    try_title: "This shop is a demonstration. Orders to try in the chat:", open_chat: "Open the chat",
    products: "The season", bag: "Bag", close: "Close", total: "Total", empty: "Nothing here yet.",
    no_sale: "This is a demonstration: nothing is charged or sent.",
    add: "Add", addNamed: (name) => `Add ${name} to the bag`, added: (name) => `${name}: in your bag.`, remove: (name) => `Remove ${name}`,
    shown: (count) => `${count} products`,
    parts: (count, amount) => `or ${count} interest-free payments of ${amount}`,
    broken: "The products could not be loaded. Reloading the page usually helps.",
    at: {
      es: {
        ...es.at.es,
        options: { shoes: "Sizes 35 to 46", clothes: "XS to XXL", home: "3-year warranty" },
        strip: "Free delivery from €50 · 14 days to return",
        orders: [
          ["1000007", "running late", "ana.garcia@example.com · 28013"],
          ["1000003", "being packed", "marta.ruiz@example.com · 08002"],
          ["1000012", "delivered 3 days ago", "luis.perez@example.com · 41001"],
        ],
        promises: [
          ["There in 2 to 4 days", "Delivery anywhere in Spain for €3.95, or free from €50."],
          ["14 days to think it over", "Returns in the shop are free; collection at home is €2.95."],
          ["Bizum, card or PayPal", "And three interest-free instalments from €90."],
        ],
        legal: "Mareas Comercio, S. L. A company made up to show Ventanilla.",
      },
      ar: {
        options: { shoes: "Sizes 35 to 46", clothes: "XS to XXL", home: "1-year warranty" },
        strip: "Free delivery from ARS 90,000 · 10 days to change your mind",
        orders: [
          ["2000004", "running late", "sofia.gomez@example.com · X5000"],
          ["2000002", "being packed", "sofia.gomez@example.com · X5000"],
          ["2000009", "delivered 2 days ago", "tomas.diaz@example.com · C1043"],
        ],
        promises: [
          ["Delivery to the whole country", "3 to 7 working days for ARS 6,900, or free from ARS 90,000."],
          ["10 days to change your mind", "Calendar days from delivery, no reasons asked."],
          ["Interest-free instalments", "3 or 6 by card from ARS 60,000, or Mercado Pago."],
        ],
        legal: "Mareas Argentina S. R. L. A company made up to show Ventanilla.",
        phone: "+54 800 000 0000", store: "Mareas Nueva Córdoba: Obispo Trejo 850, Córdoba",
      },
    },
  },
};
