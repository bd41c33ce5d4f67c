# One image for every role; the role is the command: start --role scheduler, worker or console, migrate, status …
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY . .
# Leaves what Node compiles in the image, so that no start and no health check does it again.
RUN ./pmsync --version
# The only places it writes to: the embedded PostgreSQL (without DATABASE_URL) and the log files.
RUN mkdir -p .pmsync logs && chown node:node .pmsync logs
USER node
EXPOSE 8080
ENTRYPOINT ["./pmsync"]
CMD ["start"]
