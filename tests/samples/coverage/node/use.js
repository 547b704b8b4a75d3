const { price, total } = require("./src/price.js");

price(10, false);
total([1, 2]);
