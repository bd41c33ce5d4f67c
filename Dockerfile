# One image for every role; the role is the command: start --role scheduler, worker or console, migrate, status …
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY . .
# The only places it writes to: the embedded PostgreSQL (without DATABASE_URL) and the log files.
RUN mkdir -p .pmsync logs && chown node:node .pmsync logs
# What Node compiles stays in the image, so that no start and no health check does it again. It keeps that for each user
# apart; and who runs pmsync may read it, but not write.
RUN mkdir -p node_modules/.cache && chown node:node node_modules/.cache \
  && setpriv --reuid=node --regid=node --clear-groups ./pmsync --version \
  && chown -R root:root node_modules/.cache && chmod -R a+rX,go-w node_modules/.cache
USER node
EXPOSE 8080
ENTRYPOINT ["./pmsync"]
CMD ["start"]
