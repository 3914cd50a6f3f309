using System.CommandLine;
using L4Lb.DatagramLoad;

var root = new RootCommand("UDP load and UDP backends for bench/compare.sh, fast enough to measure proxies on the same cores.")
{
    Echo.Build(), Sink.Build(), Ask.Build(), Streams.Build(), Flows.Build(),
};
var parsed = root.Parse(args);
try
{
    var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    return parsed.Errors.Count > 0 ? 2 : code;
}
catch (IOException e)
{
    Console.Error.WriteLine($"datagram-load: {e.Message}");
    return 1;
}
