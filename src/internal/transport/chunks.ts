/**
 * The body of an answer, in the chunks in which it came.
 *
 * V8 collects all garbage, old and young, whenever enough memory outside its heap was allocated, as bytes are. So
 * chunks are put together in memory that is kept, and a page of orders costs a program half as much of it.
 */
import { decodeText } from "../charset.ts"
import { longestInOnePiece } from "./transport.ts"

let workspace = new Uint8Array()

/** Where the bytes of a text are kept while it is decoded. Decoding is synchronous, so it holds one text at a time. */
const workspaceOf = (length: number): Uint8Array => {
  if (length > longestInOnePiece) return new Uint8Array(length)
  if (length > workspace.length) workspace = new Uint8Array(length)
  return workspace
}

/** A body that has arrived, or is arriving. */
export class Chunks {
  readonly #chunks: Array<Uint8Array> = []
  #length = 0

  get length(): number {
    return this.#length
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /** All bytes, in memory of their own. */
  get bytes(): ArrayBuffer {
    return this.#putInto(new Uint8Array(this.#length)).buffer
  }

  get text(): string {
    const length = this.#length
    const [first] = this.#chunks
    return decodeText(first?.length === length ? first : this.#putInto(workspaceOf(length)).subarray(0, length))
  }

  #putInto<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
    let place = 0
    for (const chunk of this.#chunks) {
      bytes.set(chunk, place)
      place += chunk.length
    }
    return bytes
  }
}
