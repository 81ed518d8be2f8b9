//! Whether records can be taken in, which is not the same as being alive.

use waymark_core::rules::Role;
use waymark_server::state::Limits;

use crate::support::{Reply, Server, roomy};

async fn get(server: &Server, path: &str) -> Reply {
    Reply::read("get", reqwest::get(server.url(path)).await.unwrap()).await
}

async fn ready(server: &Server) -> Reply {
    get(server, "/api/v1/ready").await
}

#[tokio::test]
async fn a_server_that_can_write_is_ready() {
    let server = Server::start().await;
    let reply = ready(&server).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, "{\"ready\":true}"));
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn one_whose_database_takes_nothing_is_alive_and_not_ready() {
    let server = Server::start().await;
    let mut database = server.database().await;
    for event in ["UPDATE", "INSERT"] {
        let sql = format!(
            "CREATE TRIGGER no_{event} BEFORE {event} ON settings BEGIN SELECT RAISE(FAIL, 'full'); END"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
    }
    let reply = ready(&server).await;
    assert!(reply.problem(503, "not_ready").contains("database"));
    assert!(!reply.text.contains("full"), "what the database says is for the log: {}", reply.text);
    assert_eq!(get(&server, "/api/v1/health").await.status, 200);
    sqlx::raw_sql("DROP TRIGGER no_UPDATE; DROP TRIGGER no_INSERT").execute(&mut database).await.unwrap();
    assert_eq!(ready(&server).await.status, 200);
}

#[tokio::test]
async fn one_with_too_little_room_is_alive_and_not_ready() {
    let server = Server::builder().limits(Limits { reserve: u64::MAX, ..roomy() }).start().await;
    assert!(ready(&server).await.problem(503, "not_ready").contains("disk"));
    assert_eq!(get(&server, "/api/v1/health").await.status, 200);
    let phone = server.phone(Role::Reporter, "Hawa").await;
    assert_eq!(phone.send(&[phone.checkin(1)]).await.outcomes(), ["accepted"], "what still fits is taken");
}

#[tokio::test]
async fn an_answer_is_good_for_a_while() {
    let limits = Limits { ready: Limits::default().ready, ..roomy() };
    let server = Server::builder().limits(limits).start().await;
    assert_eq!(ready(&server).await.status, 200);
    let mut database = server.database().await;
    let written = "SELECT value FROM settings WHERE name = 'ready'";
    let first: String = sqlx::query_scalar(written).fetch_one(&mut database).await.unwrap();
    for _ in 0..10 {
        assert_eq!(ready(&server).await.status, 200);
    }
    let again: String = sqlx::query_scalar(written).fetch_one(&mut database).await.unwrap();
    assert_eq!(first, again, "whoever asks often does not make it write often");
}
