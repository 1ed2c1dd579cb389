//! The engine for everything larger: the rules of both engines, and what is a server's alone.

mod conformance;

use std::sync::Arc;

use conformance::samples::{add_person, change, person_id, world};
use conformance::{Database, done_all};
use store::{Committed, Op, Store, StoreConfig, StoreError};
use testkit::postgres::Server;
use tokio_postgres::{Client, NoTls};

/// Fewer than the tasks of a race, so that they wait for each other, too.
const CONNECTIONS: usize = 8;

/// How many wait for a lock.
const BLOCKED: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";

struct Served {
    address: String,
    _server: Arc<Server>,
}

impl Database for Served {
    async fn empty() -> Self {
        let server = Server::shared();
        Self { address: server.database(), _server: server }
    }

    async fn try_open(&self) -> Result<Store, StoreError> {
        open(&self.address, CONNECTIONS).await
    }

    async fn execute(&self, sql: &str) {
        self.raw().await.batch_execute(sql).await.unwrap();
    }

    async fn dump(&self) -> Vec<String> {
        let raw = self.raw().await;
        let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";
        let mut dump = Vec::new();
        for table in raw.query(tables, &[]).await.unwrap() {
            let table: &str = table.get(0);
            let rows = format!("SELECT row_to_json(t)::text FROM {table} t ORDER BY 1");
            dump.extend(
                raw.query(&rows, &[]).await.unwrap().iter().map(|row| format!("{table} {}", row.get::<_, &str>(0))),
            );
        }
        dump
    }

    async fn break_audit(&self) {
        self.execute(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$; \
             CREATE TRIGGER broken BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION broken()",
        )
        .await;
    }
}

impl Served {
    async fn raw(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.address, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}

async fn open(address: &str, connections: usize) -> Result<Store, StoreError> {
    Store::open(&StoreConfig::Postgres { url: address.to_owned().into(), connections, roots: None }).await
}

conformance::rules!(Served);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_prepare_the_database_together() {
    let served = Served::empty().await;
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let address = served.address.clone();
            tokio::spawn(async move { open(&address, 1).await.map(drop) })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
    world(&served.open().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_connection_is_replaced() {
    let served = Served::empty().await;
    let store = open(&served.address, 1).await.unwrap();
    world(&store).await;
    let others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    served.execute(others).await;
    assert!(store.account(&person_id(1)).await.unwrap().is_some());
    done_all(&store, []).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_stops_waiting_leaves_no_transaction_open() {
    let served = Served::empty().await;
    let store = open(&served.address, 1).await.unwrap();
    world(&store).await;
    // A lock of somebody else's keeps the change from ending.
    let raw = served.raw().await;
    raw.batch_execute("BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.commit(change()).await.map(drop) }
    });
    while raw.query_one(BLOCKED, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::task::yield_now().await;
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    raw.batch_execute("COMMIT").await.unwrap();
    // The only connection is free again, and the change was not made.
    done_all(&store, []).await;
    assert_eq!(store.audit_tail(100).await.unwrap().len(), 2);
}

/// Makes the first `times` audit records fail as the server fails what it cannot put into an order.
async fn collide(served: &Served, times: u32) {
    let sql = format!(
        "CREATE SEQUENCE collisions; CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF nextval('collisions') <= {times} THEN RAISE 'collided' USING ERRCODE = '40001'; END IF; \
         RETURN NEW; END $$; \
         CREATE TRIGGER collide BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION collide()"
    );
    served.execute(&sql).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f09_a_change_that_collided_is_tried_five_times_and_made_once() {
    let served = Served::empty().await;
    let store = served.open().await;
    world(&store).await;
    collide(&served, 4).await;
    done_all(&store, [Op::RaiseEpoch { person: person_id(1) }]).await;
    assert_eq!(store.account(&person_id(1)).await.unwrap().unwrap().epoch, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f09_a_change_that_collides_five_times_is_not_made() {
    let served = Served::empty().await;
    let store = served.open().await;
    world(&store).await;
    collide(&served, 5).await;
    let outcome = store.commit(change().with(Op::RaiseEpoch { person: person_id(1) })).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable { .. })), "{outcome:?}");
    assert_eq!(store.account(&person_id(1)).await.unwrap().unwrap().epoch, 0);
    done_all(&store, [Op::RaiseEpoch { person: person_id(1) }]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f09_a_deadlock_is_resolved_in_favour_of_both() {
    let served = Served::empty().await;
    let store = served.open().await;
    world(&store).await;
    done_all(&store, add_person(2)).await;
    let raw = served.raw().await;
    // The other side never gives up, so that the store's transaction is the one that is ended.
    raw.batch_execute("SET deadlock_timeout = '1h'; BEGIN").await.unwrap();
    let raise = |nth| format!("UPDATE person SET epoch = epoch + 10 WHERE id = '{}'", person_id(nth).as_str());
    raw.batch_execute(&raise(1)).await.unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        let ops = [2, 1].map(|nth| Op::RaiseEpoch { person: person_id(nth) });
        async move { store.commit(change().with_all(ops)).await }
    });
    let observer = served.raw().await;
    while observer.query_one(BLOCKED, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::task::yield_now().await;
    }
    raw.batch_execute(&raise(2)).await.unwrap();
    raw.batch_execute("COMMIT").await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap(), Committed::Done);
    for nth in [1, 2] {
        assert_eq!(store.account(&person_id(nth)).await.unwrap().unwrap().epoch, 11);
    }
}

#[tokio::test]
async fn an_address_that_is_not_understood_is_not_repeated() {
    for address in ["host=localhost password=s3cret colour=red", "postgres://kapu:s3cret@localhost:many/kapu"] {
        let error = open(address, 1).await.err().unwrap();
        assert!(matches!(error, StoreError::Address { .. }), "{error:?}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("host={} user=kapu dbname=kapu", folder.path().display());
    let error = open(&address, 1).await.err().unwrap();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
}
