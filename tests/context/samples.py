"""A small file of each language, and what its outline must hold: (kind, name, start, signature, body, end)."""

from typing import NamedTuple


class Sample(NamedTuple):
    """A file; `scopes` as above, `imports` with their words, `names` of one line."""

    path: str
    text: str
    scopes: tuple[tuple[str, str, int, int, int, int], ...]
    imports: tuple[tuple[int, int, tuple[str, ...]], ...]
    names: tuple[int, tuple[str, ...]]


SAMPLES = (
    Sample(
        "shop/cart.py",
        "import os\n"
        "from shop.tax import (rate,\n"
        "    rounded)\n"
        "\n"
        "# What a visitor wants to buy.\n"
        "@final\n"
        "class Cart(Base):\n"
        '    """Items and a currency."""\n'
        "\n"
        "    async def total(\n"
        "        self,\n"
        "    ) -> int:\n"
        '        """Return the sum."""\n'
        "        return rounded(sum(self.items))\n",
        (("class", "Cart", 5, 7, 9, 14), ("function", "total", 10, 12, 14, 14)),
        ((1, 1, ("os",)), (2, 3, ("shop", "tax", "rate", "rounded"))),
        (14, ("rounded", "sum", "self", "items")),
    ),
    Sample(
        "shop/Cart.java",
        "package shop;\n"
        "import java.util.List;\n"
        "/** What a visitor wants to buy. */\n"
        "public class Cart<T> extends Base {\n"
        "  private int count;\n"
        "  Cart() { count = 0; }\n"
        "  /** The sum. */\n"
        "  @Override\n"
        "  public int total(\n"
        "      List<T> items) {\n"
        "    return count;\n"
        "  }\n"
        "}\n"
        "interface Priced { int price(); }\n",
        (
            ("class", "Cart", 3, 4, 5, 13),
            ("function", "Cart", 6, 6, 6, 6),
            ("function", "total", 7, 10, 11, 12),
            ("class", "Priced", 14, 14, 14, 14),
            ("function", "price", 14, 14, 14, 14),
        ),
        ((2, 2, ("java", "util", "List")),),
        (10, ("List", "T", "items")),
    ),
    Sample(
        "web/cart.js",
        "import tax, {rate} from './tax';\n"
        "const fs = require('fs');\n"
        "export class Cart extends Base {\n"
        "  total(items) {\n"
        "    return rate(items);\n"
        "  }\n"
        "}\n"
        "// Adds one.\n"
        "export const add = async (item) => {\n"
        "  fs.push(item);\n"
        "};\n"
        "module.exports.clear = function () {};\n",
        (
            ("class", "Cart", 3, 3, 4, 7),
            ("function", "total", 4, 4, 5, 6),
            ("function", "add", 8, 9, 10, 11),
            ("function", "clear", 12, 12, 12, 12),
        ),
        ((1, 1, ("tax", "rate")), (2, 2, ("fs",))),
        (10, ("fs", "push", "item")),
    ),
    Sample(
        "web/cart.ts",
        "import {rate} from './tax';\n"
        "export interface Item { price: number }\n"
        "export abstract class Cart {\n"
        "  abstract clear(): void;\n"
        "  private total(items: Item[]): number {\n"
        "    return rate(items);\n"
        "  }\n"
        "}\n",
        (
            ("class", "Item", 2, 2, 2, 2),
            ("class", "Cart", 3, 3, 4, 8),
            ("function", "clear", 4, 4, 4, 4),
            ("function", "total", 5, 5, 6, 7),
        ),
        ((1, 1, ("rate", "tax")),),
        (6, ("rate", "items")),
    ),
    Sample(
        "web/view.tsx",
        "import {Cart} from './cart';\n"
        "export function View(props: Props) {\n"
        "  return <Cart items={props.items} />;\n"
        "}\n",
        (("function", "View", 2, 2, 3, 4),),
        ((1, 1, ("Cart", "cart")),),
        (3, ("Cart", "items", "props", "items")),
    ),
    Sample(
        "cart/cart.go",
        "package cart\n"
        "import (\n"
        '\t"fmt"\n'
        '\ttax "example.org/shop/tax"\n'
        ")\n"
        "// Cart is what a visitor wants to buy.\n"
        "type Cart struct {\n"
        "\tItems []int\n"
        "}\n"
        "func (c *Cart) Total(rate int) int {\n"
        "\treturn tax.Of(c.Items)\n"
        "}\n",
        (("class", "Cart", 6, 7, 8, 9), ("function", "Total", 10, 10, 11, 12)),
        ((2, 5, ("fmt", "tax", "example", "org", "shop")),),
        (11, ("tax", "Of", "c", "Items")),
    ),
    Sample(
        "cart.c",
        "#include <stdio.h>\n"
        '#include "tax.h"\n'
        "struct cart { int count; };\n"
        "typedef struct { int price; } item;\n"
        "/* The sum. */\n"
        "static int *total(struct cart *cart)\n"
        "{\n"
        "  return &cart->count;\n"
        "}\n",
        (("class", "cart", 3, 3, 3, 3), ("class", "item", 4, 4, 4, 4), ("function", "total", 5, 7, 8, 9)),
        ((1, 1, ("stdio", "h")), (2, 2, ("tax", "h"))),
        (8, ("cart", "count")),
    ),
    Sample(
        "cart.cpp",
        '#include "tax.h"\n'
        "template <class T>\n"
        "int Cart<T>::total(T rate) const {\n"
        "  return rate;\n"
        "}\n"
        "class Item : public Base {\n"
        "  ~Item() {}\n"
        "};\n",
        (("function", "total", 2, 3, 4, 5), ("class", "Item", 6, 6, 7, 8), ("function", "~Item", 7, 7, 7, 7)),
        ((1, 1, ("tax", "h")),),
        (3, ("Cart", "T", "total", "T", "rate")),
    ),
    Sample(
        "cart.rs",
        "use std::fmt;\n"
        "/// The sum.\n"
        "#[inline]\n"
        "pub fn total(items: &[i32]) -> i32 {\n"
        "    items.len()\n"
        "}\n"
        "struct Cart { count: i32 }\n"
        "impl Priced for Cart {\n"
        "    fn price(&self) -> i32 {\n"
        "        self.count\n"
        "    }\n"
        "}\n",
        (
            ("function", "total", 2, 4, 5, 6),
            ("class", "Cart", 7, 7, 7, 7),
            ("class", "Cart", 8, 8, 9, 12),
            ("function", "price", 9, 9, 10, 11),
        ),
        ((1, 1, ("std", "fmt")),),
        (5, ("items", "len")),
    ),
    Sample(
        "Cart.cs",
        "using System.Linq;\n"
        "namespace Shop\n"
        "{\n"
        "  [Serializable]\n"
        "  class Cart : Base\n"
        "  {\n"
        "    int Total(int rate)\n"
        "    {\n"
        "      return rate;\n"
        "    }\n"
        "    int Count => 1;\n"
        "  }\n"
        "}\n",
        (("class", "Cart", 4, 6, 7, 12), ("function", "Total", 7, 8, 9, 10), ("function", "Count", 11, 11, 11, 11)),
        ((1, 1, ("System", "Linq")),),
        (9, ("rate",)),
    ),
    Sample(
        "cart.rb",
        "require 'json'\n"
        "module Shop\n"
        "  # What a visitor wants to buy.\n"
        "  class Cart < Base\n"
        "    def total(rate)\n"
        "      @items.sum * rate\n"
        "    end\n"
        "    def self.empty; end\n"
        "  end\n"
        "end\n",
        (
            ("class", "Shop", 2, 2, 3, 10),
            ("class", "Cart", 3, 4, 5, 9),
            ("function", "total", 5, 5, 6, 7),
            ("function", "empty", 8, 8, 8, 8),
        ),
        ((1, 1, ("json",)),),
        (6, ("@items", "sum", "rate")),
    ),
    Sample(
        "cart.php",
        "<?php\n"
        "use Shop\\Tax;\n"
        "require 'rates.php';\n"
        "class Cart extends Base {\n"
        "  /** The sum. */\n"
        "  public function total($rate) {\n"
        "    return Tax::of($this->items);\n"
        "  }\n"
        "}\n"
        "function clear() {}\n",
        (
            ("class", "Cart", 4, 4, 5, 9),
            ("function", "total", 5, 6, 7, 8),
            ("function", "clear", 10, 10, 10, 10),
        ),
        ((2, 2, ("Shop", "Tax")), (3, 3, ("rates", "php"))),
        (7, ("Tax", "of", "this", "items")),
    ),
    Sample(
        "Cart.kt",
        "package shop\n"
        "import shop.tax.rate\n"
        "// What a visitor wants to buy.\n"
        "@Serializable\n"
        "class Cart(val items: List<Int>) : Base() {\n"
        "  fun total(): Int {\n"
        "    return items.sum()\n"
        "  }\n"
        "}\n"
        "object Empty { }\n",
        (("class", "Cart", 3, 5, 6, 9), ("function", "total", 6, 6, 7, 8), ("class", "Empty", 10, 10, 10, 10)),
        ((2, 2, ("shop", "tax", "rate")),),
        (7, ("items", "sum")),
    ),
    Sample(
        "Cart.scala",
        "import shop.tax.rate\n"
        "class Cart(items: List[Int]) {\n"
        "  def total(rate: Int): Int = {\n"
        "    items.sum + rate\n"
        "  }\n"
        "}\n"
        "object Cart { val empty = 1 }\n",
        (("class", "Cart", 2, 2, 3, 6), ("function", "total", 3, 3, 4, 5), ("class", "Cart", 7, 7, 7, 7)),
        ((1, 1, ("shop", "tax", "rate")),),
        (4, ("items", "sum", "rate")),
    ),
    Sample(
        "cart.sh",
        "#!/bin/bash\n"
        "source ./rates.sh\n"
        "\n"
        "# The sum.\n"
        "total() {\n"
        '  local rate="$base"\n'
        '  add_up "$rate"\n'
        "}\n"
        "function clear { rm cart; }\n",
        (("function", "total", 4, 5, 6, 8), ("function", "clear", 9, 9, 9, 9)),
        ((2, 2, ("rates", "sh")),),
        (7, ("add_up", "rate")),
    ),
)
