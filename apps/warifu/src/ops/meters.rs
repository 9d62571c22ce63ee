//! What is counted, and its text for Prometheus.
//!
//! Handles of what is counted on the hot path are made once; there is no global registry, so several
//! servers can run in one process (tests do that).

use axum::http::StatusCode;
use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::time::Duration;

/// From a quarter of a millisecond to ten seconds.
const LATENCY_BUCKETS: [f64; 15] =
    [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
const META: Metadata<'static> = Metadata::new("warifu", Level::INFO, None);

/// The meters of one server.
pub struct Meters {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    issue_seconds: Histogram,
    batch_seconds: Histogram,
    issued: Counter,
    repeated: Counter,
    revoked: Counter,
    answers: [Counter; 5],
    in_flight: Gauge,
}

/// One request being worked on, until dropped.
pub struct InFlight<'a>(&'a Gauge);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

impl Default for Meters {
    fn default() -> Self {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &LATENCY_BUCKETS)
            .expect("there are buckets")
            .build_recorder();
        describe(&recorder);
        let counter = |name: &'static str, labels: Vec<Label>| {
            recorder.register_counter(&Key::from_parts(name, labels), &META)
        };
        let histogram = |name: &'static str| recorder.register_histogram(&Key::from_name(name), &META);
        let result = |result: &'static str| vec![Label::from_static_parts("result", result)];
        Self {
            handle: recorder.handle(),
            issue_seconds: histogram("warifu_issue_seconds"),
            batch_seconds: histogram("warifu_batch_seconds"),
            issued: counter("warifu_certificates_total", result("issued")),
            repeated: counter("warifu_certificates_total", result("repeated")),
            revoked: counter("warifu_revocations_total", vec![]),
            answers: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(|class| {
                counter("warifu_answers_total", vec![Label::from_static_parts("status", class)])
            }),
            in_flight: recorder.register_gauge(&Key::from_name("warifu_in_flight"), &META),
            recorder,
        }
    }
}

impl Meters {
    /// A request begins.
    pub fn begin(&self) -> InFlight<'_> {
        self.in_flight.increment(1.0);
        InFlight(&self.in_flight)
    }

    /// One certificate was issued, or an earlier one answered again.
    pub fn issued(&self, took: Duration, repeated: bool) {
        self.issue_seconds.record(took.as_secs_f64());
        if repeated { self.repeated.increment(1) } else { self.issued.increment(1) }
    }

    /// A batch was worked on.
    pub fn issued_batch(&self, took: Duration, issued: usize, repeated: usize, refused: usize) {
        self.batch_seconds.record(took.as_secs_f64());
        self.issued.increment(issued as u64);
        self.repeated.increment(repeated as u64);
        self.refused("batch", refused as u64);
    }

    /// A certificate changed its state, or had it already.
    pub fn revoked(&self, repeated: bool) {
        self.revoked.increment(u64::from(!repeated));
    }

    /// A request was answered; `code` names the refusal, if it was one.
    pub fn answered(&self, status: StatusCode, code: Option<&'static str>) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5);
        self.answers[class - 1].increment(1);
        if let Some(code) = code {
            self.refused(code, 1);
        }
    }

    /// Sets a value that is looked at from time to time. Labels are pairs of name and value.
    pub fn set(&self, name: &'static str, labels: &[(&'static str, String)], value: f64) {
        let labels: Vec<Label> = labels.iter().map(|(k, v)| Label::new(*k, v.clone())).collect();
        let gauge: Gauge = self.recorder.register_gauge(&Key::from_parts(name, labels), &META);
        gauge.set(value);
    }

    /// The text for Prometheus.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Sums up what was recorded; memory grows with the number of issues until it is called.
    pub fn sum_up(&self) {
        self.handle.run_upkeep();
    }

    fn refused(&self, code: &'static str, times: u64) {
        let key = Key::from_parts("warifu_refusals_total", vec![Label::from_static_parts("code", code)]);
        self.recorder.register_counter(&key, &META).increment(times);
    }
}

/// Every metric and what it means; the operator's page on alarms names the same.
pub const MEANINGS: [(&str, &str); 17] = [
    ("warifu_issue_seconds", "From the head of an order to its answer, for orders that were issued"),
    ("warifu_batch_seconds", "The same for batches"),
    ("warifu_certificates_total", "Certificates issued, or answered again under the same key"),
    ("warifu_revocations_total", "Certificates revoked, held or released"),
    ("warifu_answers_total", "Requests answered, by class of status"),
    ("warifu_refusals_total", "Requests refused, by code"),
    ("warifu_in_flight", "Requests of programs and people that are being worked on or wait for a commit"),
    ("warifu_ready", "1 when this part is ready, 0.5 when somebody should look, 0 when it has failed"),
    (
        "warifu_list_life_ratio",
        "What is left of a current list's life: 1 new, 0 expired; below 0.5 is an alarm",
    ),
    ("warifu_list_next_update_unixtime", "When a current list expires"),
    ("warifu_ledger_unnumbered_entries", "Entries of the ledger that have no number yet"),
    ("warifu_ledger_unsigned_entries", "Numbered entries of the ledger that no checkpoint covers yet"),
    ("warifu_ledger_lag_micros", "Age of the oldest entry of the ledger that has no number yet"),
    ("warifu_jobs", "Jobs by kind and state"),
    ("warifu_disk_free_bytes", "Free octets where this directory lies"),
    ("warifu_clock_step_micros", "By how much the clock is wrong; 0 when it is right"),
    ("warifu_info", "Always 1; the label tells the version"),
];

fn describe(recorder: &PrometheusRecorder) {
    for (name, meaning) in MEANINGS {
        if name.ends_with("_total") {
            recorder.describe_counter(name.into(), None, meaning.into());
        } else if name == "warifu_issue_seconds" || name == "warifu_batch_seconds" {
            recorder.describe_histogram(name.into(), None, meaning.into());
        } else {
            recorder.describe_gauge(name.into(), None, meaning.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k14_counts_come_out_as_prometheus_reads_them() {
        let meters = Meters::default();
        meters.issued(Duration::from_millis(3), false);
        meters.issued(Duration::from_millis(3), true);
        meters.answered(StatusCode::UNAUTHORIZED, Some("api.bad_credential"));
        meters.set("warifu_jobs", &[("state", "given_up".into())], 2.0);
        let text = meters.render();
        for line in [
            "warifu_certificates_total{result=\"issued\"} 1",
            "warifu_issue_seconds_bucket{le=\"0.005\"} 2",
            "warifu_refusals_total{code=\"api.bad_credential\"} 1",
            "warifu_answers_total{status=\"4xx\"} 1",
            "warifu_jobs{state=\"given_up\"} 2",
            "# HELP warifu_jobs Jobs by kind and state",
        ] {
            assert!(text.contains(line), "{line} is not in:\n{text}");
        }
    }
}
