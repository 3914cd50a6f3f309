using System.Text;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Tests.Reading;

/// <summary>The fast reader may leave a document to the full parser, but must never read it otherwise.</summary>
public sealed class PlainYamlReaderTests
{
    private static readonly string[] s_samples =
    [
        LargeManifest.Create(1, 2).Split("---\n")[1],
        LargeManifest.Create(1, 2).Split("---\n")[2],
        "# c\n--- # d\na:\n- b\n-   c: d\n    e:\n    - f: \"g\"\n      h: 'i # j'\n    k: [l, 'm', \"n\"] # o\np: q # r\ns:\nt: -1\n\nu:   # v\n  w: http://x:80/y\n",
        "a: yes\n010: ~\n0x10: null\nb: 1_0\nc: []\nd:\n  - e\n  - f: g\nh:\n  i:\n    j: k\n",
        "- a: b\n  c: d\n- e\n- [f, g]\n- \"h: i\"\n",
    ];

    public static TheoryData<string> Samples => [.. s_samples];

    [Theory]
    [MemberData(nameof(Samples))]
    public void PlainDocumentsAreReadAsTheFullParserReadsThem(string text) =>
        Assert.Equal(Print(YamlTreeReader.Read(text)), Print(PlainYamlReader.Read(text)));

    [Theory]
    [InlineData("a: &b c")]
    [InlineData("a: |\n  b")]
    [InlineData("a: b\n  c")]
    [InlineData("a:\n  b")]
    [InlineData("a: !!str 1")]
    [InlineData("a: {b: c}")]
    [InlineData("a: \"b\\n\"")]
    [InlineData("a: 'b''c'")]
    [InlineData("a: \"b\n  c\"")]
    [InlineData("a:\tb")]
    [InlineData("a: ü")]
    [InlineData("- - a")]
    [InlineData("-\n  a: b")]
    [InlineData("a: b: c")]
    [InlineData("a: [b, c")]
    [InlineData("a: [b #, c]")]
    [InlineData("- a: b\n c: d")]
    [InlineData(" a: b")]
    [InlineData("")]
    public void TheRestIsLeftToTheFullParser(string text) => Assert.Null(PlainYamlReader.Read(text));

    [Fact]
    public void WhateverIsDoneToADocumentBothReadItAlike()
    {
        // The seed is fixed, so a failure can be repeated.
        var random = new Random(20_240_117);
        var plain = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = Mutate(s_samples[round % s_samples.Length], random);
            if (PlainYamlReader.Read(text) is not { } read)
            {
                continue;
            }

            plain++;
            string expected;
            try
            {
                expected = Print(YamlTreeReader.Read(text));
            }
            catch (TreeException e)
            {
                expected = e.Message;
            }

            Assert.True(expected == Print(read), $"{text}\n=== expected\n{expected}\n=== read\n{Print(read)}");
        }

        Assert.True(plain > 2_000, $"only {plain} of the documents were plain");
    }

    private static string Mutate(string sample, Random random)
    {
        const string Alphabet = "   \n\n::--#'\"[],{}&*!|>%@`~?.ab01\r\t=<";
        var text = new StringBuilder(sample);
        for (var edits = random.Next(1, 4); edits > 0 && text.Length > 0; edits--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 4), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                    break;
                default:
                    text[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
            }
        }

        return text.ToString();
    }

    private static string Print(TreeNode? node) => node switch
    {
        null => "none",
        ScalarNode scalar => $"{scalar.Kind} {scalar.Text}@{(scalar.Kind == ScalarKind.Null ? "" : scalar.Line)}",
        SequenceNode sequence => $"[{string.Join(", ", sequence.Items.Select(Print))}]@{sequence.Line}",
        MappingNode mapping => $"{{{string.Join(", ", mapping.Entries.Select(e => $"{e.Key}@{e.Line}: {Print(e.Value)}"))}}}@{mapping.Line}",
        _ => "",
    };
}
