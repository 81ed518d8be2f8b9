//! Notices by e-mail, as a mail server takes them.

use std::time::Duration;

use tokio::net::TcpListener;
use waymark_core::rules::Role;
use waymark_server::notify::{Attempt, Means, Notice};

use crate::notify_push::{fails, notice, only};
use crate::support::{MailSink, Manner, Server};

fn file(url: &str) -> String {
    format!(
        "[smtp]\nurl = \"{url}\"\nfrom = \"Waymark <waymark@example.org>\"\n\
         [roles.manager]\nemail = [\"duty@example.org\", \"Amina Ousmane <amina@example.org>\"]\n\
         [roles.central]\nemail = [\"duty@example.org\"]\n"
    )
}

async fn start(manner: Manner) -> (Server, MailSink) {
    let sink = MailSink::start(manner).await;
    (Server::builder().notify(&file(&format!("smtp://{}", sink.address))).start().await, sink)
}

#[tokio::test]
async fn each_address_gets_a_message_of_its_own() {
    let (server, sink) = start(Manner::Plain).await;
    let attempts = server.notifier.notify(&[Role::Central, Role::Manager], &[], &notice(1)).await;
    let sent =
        |target: &str| Attempt { means: Means::Email, target: target.into(), sent: true, detail: None };
    assert_eq!(attempts, [sent("d…@example.org"), sent("a…@example.org")]);
    let mut mails = sink.mails();
    mails.sort_by(|one, other| other.to.cmp(&one.to));
    assert_eq!(
        mails.iter().map(|mail| &mail.to[..]).collect::<Vec<_>>(),
        [["duty@example.org"], ["amina@example.org"]]
    );
    for mail in &mails {
        assert_eq!(mail.from, "waymark@example.org");
        let (head, body) = mail.text.split_once("\r\n\r\n").unwrap();
        for line in [
            "From: Waymark <waymark@example.org>",
            "Subject: Waymark: the watch board needs you.",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(head.lines().any(|found| found == line), "{line} is not in {head}");
        }
        assert!(head.contains("\r\nDate: ") && head.contains("@example.org>\r\n"), "{head}");
        assert_eq!(body, "Waymark: the watch board needs you.\r\n\r\nhttps://waymark.example.org/watch\r\n");
    }
    assert!(!mails[0].text.contains("amina"));
}

#[tokio::test]
async fn an_exercise_is_marked_and_the_same_notice_has_the_same_id() {
    let (server, sink) = start(Manner::Plain).await;
    let exercise = Notice { exercise: true, ..notice(1) };
    for _ in 0..2 {
        server.notifier.notify(&[Role::Central], &[], &exercise).await;
    }
    let mails = sink.mails();
    let line =
        |n: usize, name: &str| mails[n].text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert_eq!(line(0, "Message-ID: "), line(1, "Message-ID: "));
    assert!(line(0, "Subject: ").contains("Exercise"), "{}", mails[0].text);
}

#[tokio::test]
async fn what_goes_wrong_is_said_without_addresses() {
    let (server, sink) = start(Manner::RefusesRecipients).await;
    let attempt = only(server.notifier.notify(&[Role::Central], &[], &notice(1)).await);
    fails(&attempt, "the mail server refused it with 550");
    assert!(!attempt.to_string().contains("duty@"));
    assert!(sink.mails().is_empty());

    let (server, _sink) = start(Manner::Silent).await;
    let notifier = server.notifier.clone().limit(Duration::from_millis(200));
    fails(&only(notifier.notify(&[Role::Central], &[], &notice(1)).await), "did not answer in time");

    let refused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = Server::builder().notify(&file(&format!("smtp://{refused}"))).start().await;
    fails(&only(server.notifier.notify(&[Role::Central], &[], &notice(1)).await), "cannot be connected to");
}
