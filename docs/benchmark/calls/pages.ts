/**
 * Pages of orders, ready to be sent. A page of a long list is another copy of the same bytes with other ids in it, so
 * that it costs the server next to nothing.
 */
import { idOf, orderOf } from "./bodies.ts"

/** The orders of a page between its brackets, and where the id of each begins. */
const makeItems = (size: number) => {
  const orders = Array.from({ length: size }, (_, index) => Buffer.from(JSON.stringify(orderOf(index))))
  const starts: Array<number> = []
  const pieces: Array<Buffer> = [Buffer.from("[")]
  let length = 1
  for (const [index, order] of orders.entries()) {
    starts.push(length + order.indexOf(idOf(index)))
    pieces.push(order, Buffer.from(index === size - 1 ? "]" : ","))
    length += order.length + 1
  }
  return { bytes: Buffer.concat(pieces), starts }
}

const itemsBySize = new Map<number, ReturnType<typeof makeItems>>()

const itemsOf = (size: number) => {
  const known = itemsBySize.get(size)
  if (known !== undefined) return known
  const made = makeItems(size)
  itemsBySize.set(size, made)
  return made
}

/** What stands around the orders: FlexFactor's fields of a page, and those of Stripe's lists, which stripe-node reads. */
const envelope = (size: number, page: number, total: number) => ({
  object: "list",
  url: "/v1/charges",
  has_more: false,
  hasNextPage: page * size < total,
  hasPreviousPage: page > 1,
  isFirstPage: page === 1,
  isLastPage: page * size >= total,
  pageNumber: page,
  pageSize: size,
  pageCount: Math.ceil(total / size),
  totalItemCount: total,
  firstItemOnPage: (page - 1) * size + 1,
  lastItemOnPage: Math.min(page * size, total)
})

const wrap = (size: number, page: number, total: number, name: string, items: Buffer): Buffer => {
  const fields = JSON.stringify(envelope(size, page, total))
  return Buffer.concat([Buffer.from(`${fields.slice(0, -1)},"${name}":`), items, Buffer.from("}")])
}

const single = new Map<string, Buffer>()

/** The only page of a list, made once. `name` is that of the array of orders. */
export const onlyPage = (size: number, name: "items" | "data"): Buffer => {
  const key = `${name} ${size}`
  const page = single.get(key) ?? wrap(size, 1, size, name, itemsOf(size).bytes)
  single.set(key, page)
  return page
}

/** A page of a list of `total` orders, each of which has an id of its own. */
export const pageOf = (size: number, page: number, total: number): Buffer => {
  const { bytes, starts } = itemsOf(size)
  const copy = Buffer.from(bytes)
  for (const [index, start] of starts.entries()) copy.write(idOf((page - 1) * size + index), start, "latin1")
  return wrap(size, page, total, "items", copy)
}
