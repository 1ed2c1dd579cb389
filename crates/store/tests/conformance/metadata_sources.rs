//! Where the metadata of services is read again.

use store::record::{ClientRecord, ClientState, MetadataSourceRecord};
use store::{Committed, Op};

use super::samples::{NOW, change, client, metadata_source, minutes, service_id};
use super::{Database, done, refused};

/// Writes about registrations and their sources that the world lets be made.
pub(crate) fn every_write() -> [Op; 6] {
    [
        Op::AddClient(client(2)),
        Op::ReplaceClient(client(1)),
        Op::PutMetadataSource(metadata_source(2)),
        Op::DropMetadataSource { client: service_id(1) },
        Op::ScheduleMetadata { client: service_id(1), seen: NOW, due_at: NOW + minutes(60) },
        Op::RefreshClient { service: client(1).service, metadata: "{\"xml\":\"\"}".to_owned() },
    ]
}

pub(crate) async fn a_source_of_metadata_is_due_until_it_is_put_off(database: &impl Database) {
    let store = database.open().await;
    let (first, second) =
        (metadata_source(1), MetadataSourceRecord { due_at: NOW + minutes(60), ..metadata_source(2) });
    done(&store, Op::PutMetadataSource(second.clone())).await;
    done(&store, Op::PutMetadataSource(first.clone())).await;
    let due = async |now| store.metadata_sources_due(now, 10).await.unwrap();
    assert_eq!(due(NOW - minutes(1)).await, []);
    assert_eq!(due(NOW).await, [first.clone()]);
    assert_eq!(due(NOW + minutes(60)).await, [first.clone(), second.clone()]);
    assert_eq!(store.metadata_sources_due(NOW + minutes(60), 1).await.unwrap(), [first.clone()]);

    // Of two nodes that read it at the same time one writes.
    let put_off = Op::ScheduleMetadata { client: service_id(1), seen: NOW, due_at: NOW + minutes(120) };
    done(&store, put_off.clone()).await;
    refused(&store, put_off).await;
    assert_eq!(due(NOW + minutes(60)).await, [second]);

    let moved = MetadataSourceRecord {
        url: "https://sp2.example/other".to_owned(),
        signers: "MIIB".to_owned(),
        ..metadata_source(2)
    };
    done(&store, Op::PutMetadataSource(moved.clone())).await;
    assert_eq!(due(NOW).await, [moved]);
    done(&store, Op::DropMetadataSource { client: service_id(2) }).await;
    assert_eq!(due(NOW).await, []);
    done(&store, Op::DropMetadataSource { client: service_id(2) }).await;
}

pub(crate) async fn metadata_that_is_read_again_changes_nothing_else(database: &impl Database) {
    let store = database.open().await;
    let mut fresh = client(1).service;
    fresh.name_hu = "Új név".to_owned();
    let refresh = Op::RefreshClient { service: fresh.clone(), metadata: "{\"xml\":\"é\"}".to_owned() };
    refused(&store, refresh.clone()).await;
    let disabled = ClientRecord { state: ClientState::Disabled, ..client(1) };
    done(&store, Op::AddClient(disabled.clone())).await;
    done(&store, Op::PutMetadataSource(metadata_source(1))).await;
    let before = store.revision().await.unwrap();
    done(&store, refresh.clone()).await;
    let expected = ClientRecord { service: fresh, metadata: "{\"xml\":\"é\"}".to_owned(), ..disabled };
    assert_eq!(store.client(&service_id(1)).await.unwrap(), Some(expected.clone()));
    assert_eq!(store.revision().await.unwrap(), before + 1);

    // What was imported meanwhile is not written over.
    let late = Op::ScheduleMetadata { client: service_id(1), seen: NOW - minutes(1), due_at: NOW + minutes(60) };
    let stale = Op::RefreshClient { service: client(1).service, metadata: "{}".to_owned() };
    let committed = store.commit(change().with(late).with(stale)).await.unwrap();
    assert_eq!(committed, Committed::Refused(0));
    assert_eq!(store.client(&service_id(1)).await.unwrap(), Some(expected));
}
