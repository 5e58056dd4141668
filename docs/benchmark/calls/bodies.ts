/**
 * What the server of the benchmark answers with: orders of some sixty fields, pages of them, a refund, a token.
 *
 * The documented fields are those of docs/wire.md; the others are what a payment order may hold besides.
 */

/** The id of an order: all have the same length, so that a page can be made from another by writing over its ids. */
export const idOf = (index: number): string => `e97b1ff1-4449-46da-bc6c-${String(index).padStart(12, "0")}`

const address = {
  firstName: "Ada",
  lastName: "Byron",
  line1: "12 St James's Square",
  line2: null,
  city: "Springfield",
  state: "IL",
  postalCode: "62704",
  country: "US",
  phone: "+15550100199"
}

/** An order as FlexFactor might show it. */
export const orderOf = (index: number) => ({
  id: idOf(index),
  correlationId: "b5dbd6c0-29a7-4c34-a3f8-56a4b1a2c9aa",
  referenceNumber: "FF-2026-000184467",
  status: 7,
  statusName: "COMPLETED",
  orderPlacedDate: "2026-06-14T09:26:53.589793Z",
  expiryDate: null,
  billingAddress: address,
  shippingAddress: { ...address, line2: "Apartment 4" },
  firstName: "Ada",
  lastName: "Byron",
  email: "ada.byron@example.com",
  phone: "+15550100199",
  secondaryEmail: "",
  currencyCode: "USD",
  currencySymbol: "$",
  amount: 129.97,
  amountAuthorized: 129.97,
  amountCaptured: 129.97,
  amountRefunded: 0,
  taxAmount: 9.62,
  shippingAmount: 5.99,
  discountAmount: 0,
  feeAmount: 3.4,
  externalOrderId: "#1001",
  merchantId: "d9d0b5fd-9433-44d3-8051-63fee28768e8",
  merchantName: "Example Outfitters",
  siteId: "3f3b9a52-71d4-4b5e-9f53-0a5d7c6b1e10",
  siteName: "www.example.com",
  customerId: "cus-000481516",
  subscriptionId: null,
  billingCycle: 1,
  isMit: false,
  isRecurring: false,
  isTestMode: false,
  isGuest: true,
  paymentMethodType: "card",
  cardBrand: "VISA",
  cardBin: "424242",
  cardLast4: "4242",
  cardExpirationMonth: 12,
  cardExpirationYear: 2029,
  cardCountry: "US",
  cardIssuer: "EXAMPLE BANK, N.A.",
  gatewayName: "example-gateway",
  gatewayTransactionId: "txn_3PfGqL2eZvKYlo2C1b0Qm5nX",
  authorizationCode: "084217",
  responseCode: "100",
  responseMessage: "APPROVED",
  avsResultCode: "Y",
  cvvResultCode: "M",
  threeDsStatus: "attempted",
  eci: "06",
  riskScore: 17,
  attempts: 2,
  ipAddress: "203.0.113.42",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0 Safari/537.36",
  descriptor: "EXAMPLE OUTFITTERS",
  createdOn: "2026-06-14T09:26:53.589793Z",
  modifiedOn: "2026-06-14T09:31:07.264338Z",
  capturedOn: "2026-06-14T09:31:06.832795Z",
  items: [
    { sku: "TEE-BLK-M", name: "T-shirt, black, M", quantity: 2, price: 24.99, tax: 3.7, isDigital: false },
    { sku: "JKT-DEN-L", name: "Denim jacket, L", quantity: 1, price: 74, tax: 5.92, isDigital: false }
  ],
  metadata: { channel: "web", campaign: "summer-2026", locale: "en-US" }
})

/** The refund that every contender asks for: 19.99 dollars. */
export const refundCents = 1999
export const refundMessage = "Customer request"

export const refundAnswer = {
  responseCode: "100",
  responseMessage: "APPROVED",
  transactionId: "txn_3PfGqL2eZvKYlo2C1b0Qm5nY",
  success: true,
  result: null,
  status: "SUCCESS",
  statusCode: null,
  errors: [],
  customProperties: {}
}

export const keyPair = { appKey: "benchmark-key", appSecret: "benchmark-secret" }

/** A token of the length of FlexFactor's. */
export const accessToken = `${"e30".repeat(12)}.${"bm9ib2R5".repeat(80)}.${"c2lnbmVk".repeat(10)}`

export const tokenAnswer = (now: number) => ({
  accessToken,
  refreshToken: "benchmark-refresh-token",
  expires: now + 3_600_000,
  id: "0ba84f6e-7a9e-43f1-ae6d-c508b466424a",
  success: true,
  result: null,
  status: null,
  statusCode: null,
  errors: [],
  customProperties: {}
})
