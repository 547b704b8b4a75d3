const RATE = 0.2;

function price(amount, sale) {
  if (sale) {
    // half of it
    amount = amount / 2;

    amount = Math.round(amount);
  }
  return amount * (1 + RATE);
}

function unused(items) {
  return items.map((item) => {
    const value = price(item);
    return value > 1 ? value : 1;
  });
}

const total = (items) => items.reduce((sum, item) => sum + price(item), 0);

module.exports = { price, total, unused };
