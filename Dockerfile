# One image for the API (with the web page) and for the worker; the command tells which.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/contract/package.json packages/contract/
COPY packages/corpus/package.json packages/corpus/
COPY packages/db/package.json packages/db/
COPY packages/domain/package.json packages/domain/
COPY apps/api/package.json apps/api/
COPY apps/web/package.json apps/web/
COPY bench/package.json bench/
COPY e2e/package.json e2e/
# Without install scripts npm leaves out the Node that the project brings along: the image has the same one already.
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/generate.mjs && (cd apps/web && node ../../node_modules/vite/bin/vite.js build)
RUN npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4321 DATA_DIR=/data
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=build /app ./
USER node
VOLUME /data
EXPOSE 4321
CMD ["node", "apps/api/src/server.ts"]
