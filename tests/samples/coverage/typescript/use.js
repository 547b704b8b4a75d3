const { price } = require("./build/price.js");

price([{ name: "tea", cents: 300 }], false);
