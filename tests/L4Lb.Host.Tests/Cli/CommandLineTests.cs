namespace L4Lb.Host.Tests.Cli;

public class CommandLineTests
{
    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "--version")]
    [InlineData(0, "run --help")]
    [InlineData(0, "run -f a.yaml")]
    [InlineData(0, "run --filename a.yaml --filename b")]
    [InlineData(0, "run -f - --validate warn --shards 4 --state-dir /tmp/x --node-name n --zone z --serve ClusterIP,nodeport")]
    [InlineData(0, "run -f a --service-cidr 10.0.0.0/16,fd00::/108 --node-port-range 100-200 --manage-addresses eth0")]
    [InlineData(0, "run -f a --drain-timeout 1m30s --access-log - --log-level debug --log-format json --watch")]
    [InlineData(0, "run -f a --admin none")]
    [InlineData(0, "run -f a --admin 127.0.0.1:0")]
    [InlineData(0, "run --kubernetes --healthz-address 127.0.0.1:0")]
    [InlineData(2, "run --listen tcp://127.0.0.1:0 --backend 127.0.0.1:81")]
    [InlineData(0, "run -f a --admin unix:/run/x.sock")]
    [InlineData(0, "run -f a --admin [::1]:9900")]
    [InlineData(0, "run -f a --admin 0.0.0.0:9900 --admin-token-file /etc/token")]
    [InlineData(0, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81,weight=3 --backend [::1]:82 --scheduler wrr")]
    [InlineData(0, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81 --health-check http:/ready,interval=1s --affinity ClientIP,timeout=10m")]
    [InlineData(0, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81 --health-check exec:check --exec-probes probes")]
    [InlineData(0, "run --listen udp://127.0.0.1:53 --listen tcp://127.0.0.1:53 --backend 127.0.0.1:54 --udp requests=1,responses=1")]
    [InlineData(0, "run --listen UDP://[::1]:53 --backend [::1]:54 --health-check udp:ping/pong --udp-offload off --max-flows 8000")]
    [InlineData(0, "check -f a.yaml")]
    [InlineData(0, "check -f a.yaml --exec-probes /etc/l4lb/probes")]
    [InlineData(0, "explain -f a --client 192.0.2.1 --to 10.96.0.1:53 --exec-probes /etc/l4lb/probes")]
    [InlineData(0, "explain -f a --client 192.0.2.1 --to 10.96.0.1:53/udp -o json")]
    [InlineData(0, "demo")]
    [InlineData(0, "demo --once")]
    [InlineData(0, "demo --exit-after 10s")]
    [InlineData(2, "")]
    [InlineData(2, "fly")]
    [InlineData(2, "run")]
    [InlineData(0, "run --kubernetes")]
    [InlineData(2, "run --kubeconfig x")]
    [InlineData(2, "run -f a --admin 0.0.0.0:9900")]
    [InlineData(2, "run -f a --admin 9900")]
    [InlineData(2, "run -f a --admin unix:relative.sock")]
    [InlineData(2, "run -f a --shards 0")]
    [InlineData(2, "run -f a --shards many")]
    [InlineData(2, "run -f a --shards 1 --shards 2")]
    [InlineData(2, "run -f a --service-cidr 10.0.0.1/16")]
    [InlineData(2, "run -f a --service-cidr 10.0.0.0/16 --service-cidr 10.1.0.0/16")]
    [InlineData(2, "run -f a --node-port-range 200-100")]
    [InlineData(2, "run -f a --serve Everything")]
    [InlineData(2, "run -f a --drain-timeout 10")]
    [InlineData(2, "run -f a --validate perhaps")]
    [InlineData(2, "run -f a --log-level loud")]
    [InlineData(2, "run -f a --scheduler rr")]
    [InlineData(2, "run -f a --health-check tcp")]
    [InlineData(2, "run -f a --affinity ClientIP")]
    [InlineData(2, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81 --health-check ping")]
    [InlineData(2, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81 --health-check exec:check")]
    [InlineData(2, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81 --affinity sticky")]
    [InlineData(2, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81 --scheduler rr,,")]
    [InlineData(2, "run -f a --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81")]
    [InlineData(2, "run -f - --watch")]
    [InlineData(2, "run --listen tcp://127.0.0.1:80")]
    [InlineData(2, "run --backend 127.0.0.1:80")]
    [InlineData(2, "run --listen tcp://localhost --backend 127.0.0.1:81")]
    [InlineData(2, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81,weight=-1")]
    [InlineData(2, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81 --scheduler best")]
    [InlineData(2, "run --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81 --watch")]
    [InlineData(2, "check")]
    [InlineData(2, "explain -f a --client 192.0.2.1")]
    [InlineData(2, "explain -f a --client 192.0.2.1 --to 10.96.0.1")]
    [InlineData(2, "explain -f a --client 2001:db8::1 --to 10.96.0.1:80")]
    [InlineData(2, "explain -f a --client 192.0.2.1 --to 10.96.0.1:80/sctp")]
    [InlineData(2, "demo --exit-after soon")]
    public void The_exit_code_tells_whether_it_was_understood(int expected, string line)
    {
        var fixture = new CommandLineFixture();

        Assert.Equal(expected, fixture.ExitCodeOf(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal(expected == 2, fixture.Error.Length > 0);
        Assert.Equal(expected == 2, fixture.Settings is null && fixture.Out.Length == 0);
    }

    [Fact]
    public void Every_reason_is_named()
    {
        var fixture = new CommandLineFixture();

        Assert.Equal(2, fixture.ExitCodeOf("run", "--shards", "0", "--drain-timeout", "x", "--admin", "y"));

        Assert.Contains("--shards 0: must be 1…1024", fixture.Error);
        Assert.Contains("--drain-timeout x: must be a duration such as 250ms, 10s or 1h30m", fixture.Error);
        Assert.Contains("--admin y: must be ADDRESS:PORT with an IP address, unix:/PATH or none", fixture.Error);
        Assert.EndsWith("See 'l4lb run --help'." + Environment.NewLine, fixture.Error);
    }

    [Fact]
    public void An_admin_address_for_everyone_names_the_token_file()
    {
        var fixture = new CommandLineFixture();

        fixture.ExitCodeOf("run", "-f", "a", "--admin", "0.0.0.0:9900");

        Assert.Contains("--admin 0.0.0.0:9900: anything but loopback needs --admin-token-file PATH", fixture.Error);
    }

    [Theory]
    [InlineData("--kubernetes -f a", "either --kubernetes or --filename, not both")]
    [InlineData("--kubernetes --listen tcp://127.0.0.1:80 --backend 127.0.0.1:81", "either --kubernetes or --listen with --backend, not both")]
    [InlineData("--kubernetes --scheduler wlc", "--scheduler goes with --listen; Services say it by the annotation l4lb.io/scheduler")]
    [InlineData("--kubernetes --watch", "--watch needs a file or folder given by --filename")]
    [InlineData("--kubernetes --service-cidr 10.0.0.0/16", "--service-cidr does not go with --kubernetes: the cluster gives these out itself")]
    [InlineData("--kubernetes --node-port-range 1-2", "--node-port-range does not go with --kubernetes")]
    [InlineData("--kubernetes --backends nodes --serve LoadBalancer,NodePort", "--backends nodes is for an appliance outside of the cluster")]
    [InlineData("--kubernetes --backends pods", "--backends pods: must be one of endpoints, nodes")]
    [InlineData("-f a --kubeconfig k", "--kubeconfig goes with --kubernetes")]
    [InlineData("-f a --service-proxy-name p", "--service-proxy-name goes with --kubernetes")]
    [InlineData("--kubeconfig k", "nothing to serve: give --filename PATH, or --kubernetes, or --listen")]
    public void What_does_not_go_with_or_without_a_cluster_is_said(string line, string expected)
    {
        var fixture = new CommandLineFixture();

        Assert.Equal(2, fixture.ExitCodeOf(["run", .. line.Split(' ')]));

        Assert.Contains(expected, fixture.Error);
    }

    [Theory]
    [InlineData("--listen tcp://127.0.0.1:53 --backend 127.0.0.1:54 --udp requests=1", "--udp needs --listen udp://ADDRESS:PORT")]
    [InlineData("-f a --udp requests=1", "--udp goes with --listen; Services say it by the annotation l4lb.io/udp")]
    [InlineData("--listen udp://127.0.0.1:53 --backend 127.0.0.1:54 --udp request=1", "--udp request=1: \"request\" is not known here; expected per-datagram, requests=")]
    [InlineData("--listen udp://127.0.0.1 --backend 127.0.0.1:54", "--listen udp://127.0.0.1: must be ADDRESS:PORT")]
    [InlineData("--listen sctp://127.0.0.1:53 --backend 127.0.0.1:54", "must be tcp://ADDRESS:PORT or udp://ADDRESS:PORT")]
    [InlineData("--backend 127.0.0.1:54", "--backend needs --listen tcp://ADDRESS:PORT or udp://ADDRESS:PORT")]
    [InlineData("--listen udp://127.0.0.1:53 --backend 127.0.0.1:54 --health-check udp", "expected none, tcp, http:/path, tls, udp:SEND/EXPECT")]
    [InlineData("--listen udp://127.0.0.1:53 --backend 127.0.0.1:54 --health-check udp:ping", "udp:SEND/EXPECT; both may be empty")]
    [InlineData("-f a --access-log-format tcplog", "--access-log-format needs --access-log PATH")]
    [InlineData("-f a --access-log-sample 1/10", "--access-log-sample needs --access-log PATH")]
    [InlineData("-f a --access-log - --access-log-sample 0.1", "--access-log-sample 0.1: must be 1/N, such as 1/100")]
    [InlineData("-f a --access-log - --access-log-sample 1/0", "--access-log-sample 1/0: must be 1/N, such as 1/100")]
    [InlineData("-f a --udp-offload maybe", "--udp-offload maybe: must be one of on, off")]
    [InlineData("-f a --max-flows 0", "--max-flows 0: must be a number of at least 1")]
    public void What_is_wrong_about_an_option_is_said(string line, string expected)
    {
        var fixture = new CommandLineFixture();

        Assert.Equal(2, fixture.ExitCodeOf(["run", .. line.Split(' ')]));

        Assert.Contains(expected, fixture.Error);
    }
}
