using L4Lb.Dns.Serving;
using L4Lb.Dns.Wire;
using L4Lb.Dns.Zones;
using static L4Lb.Dns.Tests.Questions;

namespace L4Lb.Dns.Tests.Serving;

public class DnsResponderTests
{
    private const string Denial = "cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local. 7";

    private readonly DnsResponder _responder = Responder(
        zones: Cluster()
            .Add(Name("web.svc.cluster.local"), RecordType.A, Address("10.96.0.10"))
            .Add(Name("web.svc.cluster.local"), RecordType.AAAA, Address("fd00::10"))
            .Add(Name("_http._tcp.web.svc.cluster.local"), RecordType.SRV, new ServiceData(0, 100, 80, Name("web.svc.cluster.local")))
            .Add(Name("alias.svc.cluster.local"), RecordType.CNAME, new NameData(Name("web.svc.cluster.local")))
            .Add(Name("out.svc.cluster.local"), RecordType.CNAME, new NameData(Name("my.database.example.com")))
            .Add(Name("lost.svc.cluster.local"), RecordType.CNAME, new NameData(Name("nobody.svc.cluster.local")))
            .Add(Name("ring.svc.cluster.local"), RecordType.CNAME, new NameData(Name("round.svc.cluster.local")))
            .Add(Name("round.svc.cluster.local"), RecordType.CNAME, new NameData(Name("ring.svc.cluster.local"))));

    [Fact]
    public void An_address_is_told()
    {
        var answer = _responder.Ask("web.svc.cluster.local", RecordType.A);
        Assert.Equal((0, true, false, 0x1234), (answer.Code, answer.IsAuthoritative, answer.IsTruncated, answer.Id));
        Assert.Equal("web.svc.cluster.local. A 1", answer.Question);
        Assert.Equal(["web.svc.cluster.local. 5 A 10.96.0.10"], answer.Answers);
        Assert.Empty(answer.Authorities);
        Assert.Empty(answer.Additionals);
        Assert.Equal(["web.svc.cluster.local. 5 AAAA fd00::10"], _responder.Ask("web.svc.cluster.local", RecordType.AAAA).Answers);
    }

    [Fact]
    public void The_question_comes_back_as_it_was_written()
    {
        var answer = _responder.Ask("WeB.sVc.ClUsTeR.LoCaL", RecordType.A);
        Assert.Equal("WeB.sVc.ClUsTeR.LoCaL. A 1", answer.Question);
        Assert.Equal(["WeB.sVc.ClUsTeR.LoCaL. 5 A 10.96.0.10"], answer.Answers); // It points at the question's name.
    }

    [Theory]
    [InlineData("web.svc.cluster.local", RecordType.TXT)] // A name without such records,
    [InlineData("svc.cluster.local", RecordType.A)] // one between others,
    [InlineData("_tcp.web.svc.cluster.local", RecordType.SRV)]
    public void A_name_without_such_records_is_there_all_the_same(string name, RecordType type)
    {
        var answer = _responder.Ask(name, type);
        Assert.Equal((0, true), (answer.Code, answer.IsAuthoritative));
        Assert.Empty(answer.Answers);
        Assert.Equal([Denial], answer.Authorities);
    }

    [Theory]
    [InlineData("nobody.svc.cluster.local")]
    [InlineData("x.web.svc.cluster.local")]
    [InlineData("www.google.com.prod.svc.cluster.local")] // What ndots:5 makes of every name.
    public void A_name_that_is_not_there_is_denied(string name)
    {
        var answer = _responder.Ask(name, RecordType.A);
        Assert.Equal((3, true), (answer.Code, answer.IsAuthoritative));
        Assert.Equal([Denial], answer.Authorities);
    }

    [Fact]
    public void A_port_comes_with_its_host()
    {
        var answer = _responder.Ask("_http._tcp.web.svc.cluster.local", RecordType.SRV);
        Assert.Equal(["_http._tcp.web.svc.cluster.local. 5 SRV 0 100 80 web.svc.cluster.local."], answer.Answers);
        Assert.Equal(
            ["web.svc.cluster.local. 5 A 10.96.0.10", "web.svc.cluster.local. 5 AAAA fd00::10"], answer.Additionals);
    }

    [Fact]
    public void An_alias_is_followed()
    {
        Assert.Equal(
            ["alias.svc.cluster.local. 5 CNAME web.svc.cluster.local.", "web.svc.cluster.local. 5 A 10.96.0.10"],
            _responder.Ask("alias.svc.cluster.local", RecordType.A).Answers);
        Assert.Equal(
            ["alias.svc.cluster.local. 5 CNAME web.svc.cluster.local."], _responder.Ask("alias.svc.cluster.local", RecordType.CNAME).Answers);
        var lost = _responder.Ask("lost.svc.cluster.local", RecordType.A);
        Assert.Equal((3, 1), (lost.Code, lost.Answers.Count)); // RFC 6604: the code is that of the last name.
        Assert.Equal(2, _responder.Ask("ring.svc.cluster.local", RecordType.A).Code);
    }

    [Fact]
    public void An_alias_of_somebody_else_s_name_ends_there_when_nobody_is_asked()
    {
        var answer = _responder.Ask("out.svc.cluster.local", RecordType.A);
        Assert.Equal(0, answer.Code);
        Assert.Equal(["out.svc.cluster.local. 5 CNAME my.database.example.com."], answer.Answers);
    }

    [Fact]
    public void Names_of_others_are_refused_or_passed_on()
    {
        var answer = _responder.Ask("www.example.com", RecordType.A);
        Assert.Equal((5, false), (answer.Code, answer.IsAuthoritative));

        var asking = Responder(asksOthers: true, Cluster());
        var room = new byte[DnsResponder.DatagramMax];
        Assert.Equal(Verdict.PassOn, asking.Answer(Ask("www.example.com", RecordType.A), ByDatagram, room, out var length));
        Assert.Equal(0, length);
        Assert.Equal(Verdict.Answered, asking.Answer(Ask("x.cluster.local", RecordType.A), ByDatagram, room, out _));
    }

    [Fact]
    public void Until_the_names_are_known_it_knows_of_nothing()
    {
        Assert.Equal(2, new DnsResponder(asksOthers: true).Ask("web.svc.cluster.local", RecordType.A).Code);
    }

    [Fact]
    public void Whoever_wants_all_gets_a_word()
    {
        var answer = _responder.Ask("web.svc.cluster.local", RecordType.Any);
        Assert.Equal(["web.svc.cluster.local. 8482 HINFO \"RFC8482\" \"\""], answer.Answers);
        Assert.Equal(3, _responder.Ask("nobody.svc.cluster.local", RecordType.Any).Code);
    }

    [Theory]
    [InlineData(RecordType.AXFR)]
    [InlineData(RecordType.IXFR)]
    public void The_zone_is_not_given_away(RecordType type) => Assert.Equal(5, _responder.Ask("cluster.local", type).Code);

    [Fact]
    public void The_zone_says_who_answers_for_it()
    {
        Assert.Equal([Denial], _responder.Ask("cluster.local", RecordType.SOA).Answers);
        var servers = _responder.Ask("cluster.local", RecordType.NS);
        Assert.Equal(["cluster.local. 5 NS ns.dns.cluster.local."], servers.Answers);
        Assert.Equal(["ns.dns.cluster.local. 5 A 192.0.2.53"], servers.Additionals); // Where it was asked.
        Assert.Equal(["ns.dns.cluster.local. 5 A 192.0.2.53"], _responder.Ask("ns.dns.cluster.local", RecordType.A).Answers);
        Assert.Equal([Denial], _responder.Ask("ns.dns.cluster.local", RecordType.AAAA).Authorities);
    }

    [Fact]
    public void Who_speaks_EDNS_is_answered_in_kind()
    {
        Assert.Equal([". 0 OPT 1232"], _responder.Ask("web.svc.cluster.local", RecordType.A, payload: 4096).Additionals);
        var newer = Answer.Read(_responder.AskRaw(Ask("web.svc.cluster.local", RecordType.A, 4096, version: 1), ByDatagram));
        Assert.Equal((0, 0), (newer.Code, newer.Answers.Count));
        Assert.Equal([$". {1 << 24} OPT 1232"], newer.Additionals); // BADVERS is 16: its upper bits are in the TTL.
    }

    [Theory]
    [InlineData(null, 512)]
    [InlineData(100, 512)]
    [InlineData(800, 800)]
    [InlineData(65535, 1232)]
    public void An_answer_is_no_longer_than_the_client_takes(int? payload, int most)
    {
        var zone = Cluster();
        for (var i = 0; i < 200; i++)
        {
            zone.Add(Name("many.cluster.local"), RecordType.A, Address($"10.0.0.{i}"));
        }

        var responder = Responder(zones: zone);
        var answer = responder.Ask("many.cluster.local", RecordType.A, payload);
        Assert.True(answer.IsTruncated);
        Assert.InRange(answer.Bytes, most - 16, most); // As many as fit.
        var whole = Answer.Read(responder.AskRaw(Ask("many.cluster.local", RecordType.A), ByStream));
        Assert.Equal((false, 200), (whole.IsTruncated, whole.Answers.Count));
    }

    [Fact]
    public void Everybody_is_first_in_turn()
    {
        var zone = Cluster();
        for (var i = 1; i <= 3; i++)
        {
            zone.Add(Name("db.cluster.local"), RecordType.A, Address($"10.0.0.{i}"));
        }

        var responder = Responder(zones: zone);
        var first = Enumerable.Range(0, 6)
            .Select(turn => Answer.Read(responder.AskRaw(Ask("db.cluster.local", RecordType.A), ByDatagram with { Turn = (uint)turn })))
            .Select(answer => string.Join(' ', answer.Answers.Select(static a => a[^1])));
        Assert.Equal(["1 2 3", "2 3 1", "3 1 2", "1 2 3", "2 3 1", "3 1 2"], first);
    }

    [Fact]
    public void What_is_no_question_gets_no_answer()
    {
        Assert.Empty(_responder.AskRaw([], ByDatagram));
        Assert.Empty(_responder.AskRaw(new byte[11], ByDatagram));
        Assert.Empty(_responder.AskRaw(Ask("web.svc.cluster.local", RecordType.A, flags: 0x8100), ByDatagram)); // Else two servers go on for ever.
    }

    [Theory]
    [InlineData(0x0900, 4)] // IQUERY,
    [InlineData(0x2100, 4)] // NOTIFY,
    [InlineData(0x2900, 4)] // UPDATE.
    public void Other_kinds_of_question_are_not_answered(int flags, int code)
    {
        var answer = Answer.Read(_responder.AskRaw(Ask("web.svc.cluster.local", RecordType.A, flags: (ushort)flags), ByDatagram));
        Assert.Equal((code, flags & 0x7800), (answer.Code, answer.Flags & 0x7800));
    }

    [Fact]
    public void A_question_that_cannot_be_read_is_said_to_be_so()
    {
        var whole = Ask("web.svc.cluster.local", RecordType.A, payload: 4096);
        Assert.All(Enumerable.Range(12, whole.Length - 12), length =>
        {
            var answer = _responder.AskRaw(whole[..length], ByDatagram);
            Assert.Equal((1, 0x1234), (Answer.Read(answer).Code, Answer.Read(answer).Id));
        });
    }

    [Fact]
    public void The_shortest_answer_says_by_TCP()
    {
        var question = Ask("web.svc.cluster.local", RecordType.A, payload: 4096);
        var room = new byte[DnsResponder.DatagramMax];
        var answer = Answer.Read(room[..DnsResponder.Truncate(question, room)]);
        Assert.Equal((0, true, question.Length), (answer.Code, answer.IsTruncated, answer.Bytes));
        Assert.Empty(answer.Answers);
        Assert.Equal(0, DnsResponder.Truncate(new byte[5], room));
    }

    [Fact]
    public void A_zone_that_is_not_whole_leaves_the_rest_to_others()
    {
        var responder = Responder(
            asksOthers: true,
            Cluster(),
            new ZoneBuilder(Name("www.example.org"), 7, 5) { IsWhole = false }.Add(Name("www.example.org"), RecordType.A, Address("192.0.2.1")));
        var room = new byte[DnsResponder.DatagramMax];
        Assert.Equal(["www.example.org. 5 A 192.0.2.1"], responder.Ask("www.example.org", RecordType.A).Answers);
        Assert.Equal(0, responder.Ask("www.example.org", RecordType.AAAA).Code);
        Assert.Equal(Verdict.PassOn, responder.Answer(Ask("x.www.example.org", RecordType.A), ByDatagram, room, out _));
        Assert.Equal(Verdict.PassOn, responder.Answer(Ask("example.org", RecordType.A), ByDatagram, room, out _));
    }

    [Fact]
    public void An_answer_allocates_nothing()
    {
        var question = Ask("web.svc.cluster.local", RecordType.A, payload: 1232);
        var (room, asker) = (new byte[DnsResponder.DatagramMax], ByDatagram);
        for (var i = 0; i < 1000; i++)
        {
            _responder.Answer(question, asker, room, out _);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _responder.Answer(question, asker, room, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
