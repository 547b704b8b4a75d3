export interface Item {
  name: string;
  cents: number;
}

export function price(items: Item[], sale: boolean): number {
  let total = 0;
  for (const item of items) {
    total += item.cents;
  }
  if (sale && items.length === items.length) {
    const cut: number = total * 0.1;
    total -= cut;
  }
  return total;
}

export function label(item: Item): string {
  return item?.name!;
}
