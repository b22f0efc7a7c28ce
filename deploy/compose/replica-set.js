// Joins the three servers into one replica set, and makes its administrator and the user of Sayso. Running it again
// changes nothing.
const secret = (name) => fs.readFileSync("/run/secrets/" + name, "utf8").trim();
const members = ["mongodb-1", "mongodb-2", "mongodb-3"].map((host, i) => ({ _id: i, host: host + ":27017", priority: i === 0 ? 2 : 1 }));

let known = false;
try {
  known = db.auth("administrator", secret("mongodb-admin-password")).ok === 1;
} catch (e) {
  print("there is no administrator yet");
}
if (!known) {
  try {
    rs.initiate({ _id: "sayso", members });
  } catch (e) {
    if (e.codeName !== "AlreadyInitialized") throw e;
  }
}
while (!db.hello().isWritablePrimary) sleep(500); // the first server has the highest priority
if (!known) {
  db.createUser({ user: "administrator", pwd: secret("mongodb-admin-password"), roles: ["root"] });
  db.auth("administrator", secret("mongodb-admin-password"));
}
if (!db.getUser("sayso")) {
  db.createUser({ user: "sayso", pwd: secret("mongodb-password"), roles: [{ role: "readWrite", db: "sayso" }] });
}
print("the replica set is ready");
