// Times, days and numbers as people read and write them.

import EthicoTypes
import Foundation
import Markup
import Testing

@testable import Web

func date(_ text: String) throws -> Date {
  try Date(text, strategy: .iso8601)
}

@Suite("A clock face")
struct ClockFaceTests {
  @Test(
    "shows the viewer's zone on both sides of a change of clocks",
    arguments: [
      ("Europe/Berlin", "2026-03-29T00:59:59Z", "29 Mar 2026, 01:59"),
      ("Europe/Berlin", "2026-03-29T01:00:00Z", "29 Mar 2026, 03:00"),
      ("Europe/Berlin", "2026-10-25T00:30:00Z", "25 Oct 2026, 02:30"),
      ("Europe/Berlin", "2026-10-25T01:30:00Z", "25 Oct 2026, 02:30"),
      ("America/New_York", "2026-03-08T06:59:00Z", "8 Mar 2026, 01:59"),
      ("America/New_York", "2026-03-08T07:00:00Z", "8 Mar 2026, 03:00"),
      ("Australia/Lord_Howe", "2026-06-01T00:00:00Z", "1 Jun 2026, 10:30"),
      ("Asia/Kathmandu", "2025-12-31T18:20:00Z", "1 Jan 2026, 00:05"),
      ("Mars/Olympus", "2026-03-02T09:15:02Z", "2 Mar 2026, 09:15"),
      ("", "2026-03-02T09:15:02Z", "2 Mar 2026, 09:15"),
    ])
  func zones(zone: String, moment: String, shown: String) throws {
    #expect(ClockFace(now: Date(), timezone: zone).exact(try date(moment)) == shown)
  }

  @Test(
    "shows a day without a time as that day to whoever looks, and a moment that begins no such day exactly",
    arguments: [
      ("Europe/London", "2022-05-04T15:00:00Z", "2022-05-05", "5 May 2022"),
      ("America/Los_Angeles", "2022-05-05T00:00:00Z", "2022-05-05", "5 May 2022"),
      ("UTC", "2022-05-05T12:00:00Z", "2022-05-05", "5 May 2022"),
      ("UTC", "2022-05-05T09:10:00Z", "2022-05-05", "5 May 2022, 09:10"),
      ("UTC", "2022-05-06T00:00:00Z", "2022-05-05", "6 May 2022, 00:00"),
      ("UTC", "2022-05-05T00:00:00Z", "soon", "5 May 2022, 00:00"),
    ])
  func plainDays(zone: String, moment: String, day: String, shown: String) throws {
    let face = ClockFace(now: Date(), timezone: zone)
    #expect(face.moment(try date(moment), ofDay: day).markup.contains(">\(shown)<"))
  }

  @Test("names the day and the time as the viewer has them")
  func dayAndTime() throws {
    let face = ClockFace(now: Date(), timezone: "America/Los_Angeles")
    let moment = try date("2026-03-03T05:15:02Z")
    #expect(face.day(moment) == "Monday, 2 March 2026")
    #expect(face.time(moment) == "21:15:02")
    #expect(face.utc(moment) == "2026-03-03 05:15:02 UTC")
    #expect(ClockFace.iso(moment) == "2026-03-03T05:15:02Z")
  }

  @Test(
    "says how far away a moment is, and the date from 30 days on",
    arguments: [
      (0.0, "just now"), (59, "just now"), (-59, "just now"), (60, "1 min ago"), (14 * 60 + 59, "14 min ago"),
      (2 * 3600, "2 h ago"), (3 * 86_400 + 5, "3 d ago"), (-6.5 * 86_400, "in 6 d"), (-3600, "in 1 h"),
      (30 * 86_400, "31 Jan 2026, 09:15"), (-30 * 86_400, "1 Apr 2026, 09:15"),
    ] as [(Double, String)])
  func relative(secondsAgo: Double, shown: String) throws {
    let now = try date("2026-03-02T09:15:02Z")
    #expect(ClockFace(now: now, timezone: "UTC").relative(now.addingTimeInterval(-secondsAgo)) == shown)
  }

  @Test(
    "says how long something has lasted",
    arguments: [
      (-5.0, "< 1 min"), (59, "< 1 min"), (14 * 60, "14 min"), (3600, "1 h"), (3 * 3600 + 240, "3 h 4 min"),
      (3 * 86_400, "3 d"), (3 * 86_400 + 4 * 3600 + 59, "3 d 4 h"), (1_200 * 86_400, "1,200 d"),
    ] as [(Double, String)])
  func elapsed(seconds: Double, shown: String) throws {
    let now = try date("2026-03-02T09:15:02Z")
    #expect(ClockFace(now: now, timezone: "UTC").elapsed(since: now.addingTimeInterval(-seconds)) == shown)
  }

  @Test("gives the exact time and UTC in the title")
  func titles() throws {
    let face = ClockFace(now: try date("2026-07-01T12:00:00Z"), timezone: "Europe/Berlin")
    let html = face.ago(try date("2026-07-01T10:00:00Z")).markup
    #expect(
      html == "<relative-time><time datetime=\"2026-07-01T10:00:00Z\" "
        + "title=\"1 Jul 2026, 12:00 · 2026-07-01 10:00:00 UTC\">2 h ago</time></relative-time>")
  }
}

@Suite("Numbers")
struct NumberTests {
  @Test(
    "are grouped by thousands",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (12_480, "12,480"), (1_234_567, "1,234,567"), (-1000, "−1,000"),
      (Int.min, "−9,223,372,036,854,775,808"),
    ])
  func groups(number: Int, shown: String) {
    #expect(grouped(number) == shown)
  }

  @Test(
    "say where counting stopped",
    arguments: [(0, "0"), (9_999, "9,999"), (10_000, "10,000"), (10_001, "10,000+")])
  func caps(counted: Int, shown: String) {
    #expect(CappedCount(counted, limit: 10_000).label == shown)
  }

  @Test(
    "of bytes are said in their unit",
    arguments: [
      (1, "1 byte"), (26, "26 bytes"), (1_258_291, "1.2 MB"), (1_073_741_823, "1,024 MB"), (1_073_741_824, "1 GB"),
      (1_288_490_189, "1.2 GB"), (12_480 * 1_073_741_824, "12,480 GB"),
    ])
  func bytes(count: Int, shown: String) {
    #expect(byteCount(count) == shown)
  }

  @Test(
    "of seconds are said in the two largest units",
    arguments: [
      (-1, "0 ms"), (0.42, "420 ms"), (12.9, "12 s"), (119, "119 s"), (120, "2 min"), (36_000, "10 h"),
      (19_980, "5 h 33 min"), (273_600, "3 d 4 h"),
    ] as [(Double, String)])
  func durations(seconds: Double, shown: String) {
    #expect(preciseDurationText(seconds: seconds) == shown)
  }

  @Test("are plain for programs")
  func cappedCountAsJSON() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(CappedCount(12_000, limit: 10_000))
    #expect(String(decoding: json, as: UTF8.self) == #"{"is_capped":true,"value":10000}"#)
  }
}

@Suite("A day that somebody writes")
struct WrittenDayTests {
  @Test("begins and ends where the viewer's does, an hour short or long when the clocks change")
  func zone() throws {
    let face = ClockFace(now: Date(), timezone: "Europe/Berlin")
    let start = try #require(face.start(ofDay: "2026-03-29"))
    let end = try #require(face.end(ofDay: "2026-03-29"))
    #expect(ClockFace.iso(start) == "2026-03-28T23:00:00Z" && ClockFace.iso(end) == "2026-03-29T22:00:00Z")
    #expect(face.dayText(start) == "2026-03-29" && face.dayText(start.addingTimeInterval(-1)) == "2026-03-28")
  }

  @Test("ends at midnight where it began at one, since the clocks went forward")
  func shortNight() throws {
    let face = ClockFace(now: Date(), timezone: "Africa/Cairo")
    let bounds = [face.start(ofDay: "2026-04-24"), face.end(ofDay: "2026-04-24")].compactMap { $0.map(ClockFace.iso) }
    #expect(bounds == ["2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"])
  }

  @Test(
    "is none where the calendar has none",
    arguments: ["2026-02-31", "2026-13-01", "26-01-01", "2026-1-2", "tomorrow", ""])
  func none(text: String) {
    #expect(ClockFace(now: Date(), timezone: "UTC").start(ofDay: text) == nil && CalendarDay(text) == nil)
  }

  @Test("is one of UTC's where it is the same for all")
  func utc() throws {
    let day = try #require(CalendarDay("2026-03-29"))
    #expect(
      [day.start, day.end, day.next].map(ClockFace.iso) == [
        "2026-03-29T00:00:00Z", "2026-03-29T23:59:59Z", "2026-03-30T00:00:00Z",
      ])
    #expect(CalendarDay.text(day.end) == "2026-03-29")
  }
}
