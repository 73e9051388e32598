//! Where credits are counted.

super::words! {
    /// Where credits are counted.
    Money {
        title: "Wallet", "钱包";
        available: "Available", "可用";
        held: "Frozen", "冻结";
        debt: "Owed", "欠款";
        available_hint: "can be spent now", "现在可用";
        held_hint: "for videos that have not ended", "用于尚未结束的视频";
        lots: "Credits by source", "积分来源";
        lot_trial: "Trial", "试用";
        lot_promo: "Gift", "赠送";
        lot_subscription: "Subscription", "订阅";
        lot_purchase: "Purchase", "购买";
        lot_adjustment: "Adjustment", "调整";
        lot_grace: "Grace", "宽限";
        lot_left: "{n} of {all} left", "剩余 {n} / {all}";
        expires: "until {date}", "{date} 到期";
        never: "no expiry", "长期有效";
        ledger: "Ledger", "账本";
        ledger_note: "Every credit that moved. Rows are never changed.", "每一次积分变动，记录永不更改。";
        time: "Time", "时间";
        kind: "Kind", "类型";
        batch: "Batch", "批次";
        amount: "Available", "可用变动";
        frozen: "Frozen", "冻结变动";
        balance: "Balance", "余额";
        number: "No.", "序号";
        grant: "Grant", "入账";
        freeze: "Freeze", "冻结";
        capture: "Charge", "扣费";
        release: "Return", "退回";
        expire: "Expiry", "过期";
        adjust: "Adjustment", "调整";
        owe: "Debt", "欠款";
        all_kinds: "All kinds", "全部类型";
        one_batch: "Batch {id} only", "仅批次 {id}";
        none: "No transfers of this kind", "没有这种类型的记录";
        hidden: "Your role does not see credits", "你的角色无法查看积分";
        zone: "Times in {zone}", "时间按 {zone} 显示";
        templates_title: "Templates", "模板";
        templates_none: "No templates yet", "还没有模板";
        templates_none_next: "Every prompt you price is kept here with its versions.", "每个询过价的提示词都会连同版本保存在这里。";
        version: "Version {n}", "版本 {n}";
        versions: "Versions", "历史版本";
        open: "Open", "打开";
        open_version: "Open version {n}", "打开版本 {n}";
        use_template: "Compose with it", "用它创作";
        archive: "Archive", "归档";
        archived: "Template archived", "模板已归档";
        updated: "changed {date}", "{date} 更新";
    }
}
