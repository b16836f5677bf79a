//! An order service for the stories: the demo's own, on a free port.

use std::net::TcpListener;
use std::sync::Arc;

use ventanilla::clock::SystemClock;
use ventanilla::demo_orders::DemoOrders;

/// A running order service.
pub(crate) struct Orders {
    pub(crate) url: String,
    service: Option<DemoOrders>,
}

impl Orders {
    pub(crate) fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = DemoOrders::start(listener, Arc::new(SystemClock)).unwrap();
        Self {
            url,
            service: Some(service),
        }
    }

    /// The address of an order as the service has it.
    pub(crate) async fn address(&self, order: &str) -> String {
        let order: serde_json::Value = reqwest::get(format!("{}/orders/{order}", self.url))
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        order["address"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn stop(mut self) {
        if let Some(service) = self.service.take() {
            service.stop().await;
        }
    }
}
