using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading;

namespace L4Lb.K8s.Tests.Reading;

public sealed class YamlReadingTests
{
    private const string Minimal = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";

    [Theory]
    [InlineData("\uFEFF" + Minimal)]
    [InlineData("---\n" + Minimal + "...\n")]
    [InlineData("# licence\n---\n---\n\n" + Minimal + "---\n# the end\n---\n")]
    [InlineData("%YAML 1.1\n--- # first\n" + Minimal)]
    [InlineData("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"ports":[{"port":80}]}}""")]
    [InlineData("""--- {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"ports":[{"port":80}]}}""")]
    [InlineData("{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}")]
    [InlineData("apiVersion: v1\nkind: List\nitems:\n- " + "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}")]
    [InlineData("apiVersion: v1\nkind: ServiceList\nitems:\n- {metadata: {name: web}, spec: {ports: [{port: 80}]}}")]
    public void EveryWayToWriteAServiceReadsTheSame(string text)
    {
        var expected = Manifests.Load(Minimal).Objects;

        var set = Manifests.Load(text);

        Assert.Empty(set.Diagnostics);
        Assert.Equal(expected, set.Objects);
    }

    [Fact]
    public void WindowsLineEndsReadTheSame() =>
        Assert.Equal(Manifests.Load(Minimal).Objects, Manifests.Load(Minimal.Replace("\n", "\r\n", StringComparison.Ordinal)).Objects);

    [Fact]
    public void JsonKeepsLinesAndEscapes()
    {
        var text = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Service\",\n\t\"metadata\": {\"name\": \"web\", \"annotations\": {\"a\": \"\\ud83d\\ude00\\/\"}},\n\t\"spec\": {\"ports\": [\n\t\t{\"port\": 0, \"targetPort\": 1}\n\t]}\n}";

        var set = Manifests.Load(text);

        Assert.Equal("-:6: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive", Assert.Single(set.Diagnostics).ToString());
        Assert.Equal("😀/", set.Objects[0].Metadata.Annotations["a"]);
    }

    [Fact]
    public void DashesInsideABlockOfTextDoNotEndTheDocument()
    {
        var set = Manifests.Load("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n    note: |\n      ---\n      ...\n      text\nspec: {ports: [{port: 80}]}\n");

        Assert.Equal("---\n...\ntext\n", Assert.Single(set.Objects).Metadata.Annotations["note"]);
    }

    [Fact]
    public void AnchorsAndMergedMapsAreFollowed()
    {
        var set = Manifests.Load("""
            apiVersion: v1
            kind: Service
            metadata: {name: web, labels: &labels {app: web, tier: front}}
            spec:
              selector: {<<: *labels, tier: back}
              ports: [{port: 80}]
            """);

        Assert.Empty(set.Diagnostics);
        Assert.Equal(
            [new("app", "web"), new("tier", "back")], Assert.IsType<Service>(Assert.Single(set.Objects)).Selector);
    }

    [Theory]
    [InlineData("a: b\n\tc: d", "2: not valid YAML:", "(a tab cannot be used to indent; use spaces)")]
    [InlineData("a: [1, 2", "1: not valid YAML:", "")]
    [InlineData("a: *nobody", "1: not valid YAML: unknown anchor 'nobody' referenced", "")]
    [InlineData("a: &a [*a]", "1: not valid YAML: anchor 'a' value contains itself", "")]
    [InlineData("a: \"b", "1: not valid YAML:", "")]
    [InlineData("""{"kind": "Service", }x""", "1: not valid JSON:", "")]
    [InlineData("? [a]\n: b", "1: not valid YAML: a key must be a single value", "")]
    [InlineData("a: !!int b", "1: not valid YAML: cannot decode `b` as a !!int", "")]
    [InlineData("just text", "1: this is no manifest, which begins with apiVersion and kind", "")]
    [InlineData("- a", "1: this is no manifest", "")]
    public void WhatCannotBeReadIsOneErrorWithItsLine(string text, string begin, string end)
    {
        var message = Assert.Single(Manifests.Messages(text));

        Assert.StartsWith(begin, message, StringComparison.Ordinal);
        Assert.EndsWith(end, message, StringComparison.Ordinal);
    }

    [Fact]
    public void AliasesCannotBeUsedToExhaustMemory()
    {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        Assert.Contains("document contains excessive aliasing", Assert.Single(Manifests.Messages(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyFieldsAreReadInLinearTime()
    {
        var labels = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"    l{i}: &l{i} v\n"));
        var text = $"apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  labels:\n{labels}    l7: v\nspec: {{ports: [{{port: 80}}]}}\n";

        Assert.Equal("""50006: strict decoding error: duplicate field "metadata.labels.l7" """.Trim(), Assert.Single(Manifests.Messages(text)));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void NestingIsBounded(char open)
    {
        var text = string.Concat(Enumerable.Repeat(open == '[' ? "[" : "{\"a\":", 100_000));

        Assert.Matches("nested|depth", Assert.Single(Manifests.Messages(text)));
    }

    [Theory]
    [InlineData("yes", "bool")]
    [InlineData("on", "bool")]
    [InlineData("010", "number")]
    [InlineData("1_000", "number")]
    [InlineData("1.5", "number")]
    [InlineData("0x1F", "number")]
    [InlineData("[a]", "array")]
    [InlineData("{a: b}", "object")]
    public void ALabelMustBeText(string value, string found)
    {
        var message = Assert.Single(Manifests.OfSpec($"ports: [{{port: 80}}]\nselector: {{app: {value}}}"));

        Assert.Equal($"spec.selector: json: cannot unmarshal {found} into Go struct field ServiceSpec.spec.selector of type string", message);
    }

    [Theory]
    [InlineData("'yes'", "yes")]
    [InlineData("\"010\"", "010")]
    [InlineData("!!str 80", "80")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("2001-01-01", "2001-01-01")]
    [InlineData("1e", "1e")]
    [InlineData("-a", "-a")]
    [InlineData(".", ".")]
    public void WhatIsNoNumberIsText(string written, string read)
    {
        var set = Manifests.Load($"apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  annotations:\n    a: {written}\nspec: {{ports: [{{port: 80}}]}}");

        Assert.Equal(read, set.Objects is [var service] ? service.Metadata.Annotations["a"] : string.Join('\n', set.Diagnostics));
    }

    [Theory]
    [InlineData("010", 8)]
    [InlineData("08", 8)]
    [InlineData("0x50", 80)]
    [InlineData("0b11", 3)]
    [InlineData("80.0", 80)]
    [InlineData("1e3", 1000)]
    [InlineData("1_000", 1000)]
    [InlineData("+80", 80)]
    public void NumbersAreReadAsKubectlReadsThem(string written, int port) =>
        Assert.Equal(port, Manifests.Service($"ports: [{{port: {written}}}]").Ports[0].Port);

    [Fact]
    public void FieldValidationDecidesAboutUnknownAndRepeatedFields()
    {
        var text = Manifests.ServiceOf("ports: [{port: 80, prot: 1, port: 81}]\ntopologyKeys: [x]");
        string[] expected =
        [
            """6: strict decoding error: unknown field "spec.ports[0].prot" """.Trim(),
            """6: strict decoding error: duplicate field "spec.ports[0].port" """.Trim(),
            """7: strict decoding error: unknown field "spec.topologyKeys" """.Trim(),
        ];

        Assert.Equal(expected, Manifests.Messages(text));
        Assert.Equal(
            expected.Select(e => e.Replace("strict decoding error", "warning", StringComparison.Ordinal)),
            Manifests.Messages(text, FieldValidation.Warn));
        Assert.Empty(Manifests.Messages(text, FieldValidation.Ignore));
        Assert.Equal(81, Assert.IsType<Service>(Manifests.Load(text).Objects[0]).Ports[0].Port);
    }
}
