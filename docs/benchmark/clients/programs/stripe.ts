import { Stripe } from "stripe"

const { hostname, port } = new URL(process.env["FLEXFACTOR_BASE_URL"] ?? "")
const stripe = new Stripe(process.env["STRIPE_KEY"] ?? "", { host: hostname, port, protocol: "http", timeout: 30_000 })
const charge = await stripe.charges.retrieve(process.argv[2] ?? "")
console.log(charge.status)
